(** One level of a hierarchy, matrices of any size: its decoder's cost is at least that of its modes.
    A mode that a bottleneck cuts has n_i = 1. *)
From mathcomp Require Import all_ssreflect all_algebra ring.
From CollapseAudit Require Import Definitions Logarithm Matching CompleteSquare SingularValues.
Import Order.Theory GRing.Theory Num.Theory.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Section Levels.
Variable R : rcfType.

(** The decoder's cost in whitened coordinates, with K K^T = diag g: at least sum_i t_i / (1 + g_i). *)
Lemma decoder_bound D d r (W : 'M[R]_(D, d)) (K : 'M[R]_(d, r)) (Z : 'M[R]_(D, r)) (S : 'M[R]_r) (t g : nat -> R) :
  K *m K^T = diagn d g -> spectrum d g -> S *m S^T = 1%:M -> Z^T *m Z = S *m diagn r t *m S^T -> spectrum r t ->
  \sum_(i < r) t i / (1 + g i) <= \tr ((W *m K - Z) *m (W *m K - Z)^T) + \tr (W *m W^T).
Proof.
move=> KK sg SS ZS st; have [g0 gd gz] := sg; have [t0 td tz] := st.
pose gr := \row_(j < d) g j.
have g0' j : 0 <= gr 0 j by rewrite mxE.
have := complete_square W Z KK g0'; rewrite /=.
have [x xE] : {x : 'rV[R]_d | x = \row_j (1 + gr 0 j)^-1} by exists (\row_j (1 + gr 0 j)^-1).
have xj j : x 0 j = (1 + g j)^-1 by rewrite xE !mxE.
rewrite -/gr -xE => ->.
have drop : 0 <= \tr ((W - Z *m K^T *m diag_mx x) *m diag_mx (\row_j (1 + gr 0 j)) *m (W - Z *m K^T *m diag_mx x)^T).
  rewrite tr_quad_diag sumr_ge0 // => i _; rewrite sumr_ge0 // => j _.
  by rewrite mulr_ge0 ?sqr_ge0 // mxE addr_ge0 ?ler01.
rewrite -addrA; apply: ler_paddl drop _.
have [Y YE] : {Y | Y = K *m S} by exists (K *m S).
have YY : Y *m Y^T = diag_mx gr by rewrite YE trmx_mul mulmxA -(mulmxA K) SS mulmx1.
have trZ : \tr (Z *m Z^T) = \sum_(i < r) t i.
  rewrite mxtrace_mulC ZS -mulmxA mxtrace_mulC -mulmxA (mulmx1C SS) mulmx1 mxtrace_diag.
  by apply: eq_bigr => i _; rewrite mxE.
have trX : \tr (Z *m K^T *m diag_mx x *m (Z *m K^T)^T) = \sum_j \sum_(i < r) x 0 j * (t i * Y j i ^+ 2).
  have -> : \tr (Z *m K^T *m diag_mx x *m (Z *m K^T)^T) = \tr (diag_mx x *m (Y *m diagn r t *m Y^T)).
    rewrite -mulmxA mxtrace_mulC; congr (\tr _).
    rewrite -!mulmxA trmx_mul trmxK YE trmx_mul; congr (_ *m _).
    by rewrite -!mulmxA [Z^T *m (Z *m _)]mulmxA ZS !mulmxA.
  apply: eq_bigr => j _; rewrite mul_diag_mx mxE [X in _ * X]mxE mulr_sumr; apply: eq_bigr => i _.
  by rewrite mul_mx_diag !mxE expr2; congr (_ * _); rewrite mulrA [t i * _]mulrC.
have [rows cols] := bessel YY g0'.
set s := fun (j : 'I_d) (i : 'I_r) => if gr 0 j == 0 then 0 else Y j i ^+ 2 / gr 0 j in rows cols.
have n0 j : 1 + g j != 0 by rewrite lt0r_neq0 // ltr_paddr ?ltr01.
pose y j := g j / (1 + g j).
have sy : spectrum d y.
  split=> [i|i j ij|i di]; rewrite /y; first by rewrite mulr_ge0 // invr_ge0 addr_ge0 ?ler01.
    have H (a : nat) : g a / (1 + g a) = 1 - (1 + g a)^-1 by have := n0 a; move: (g a) => G G0; field.
    rewrite !H ler_add2l ler_opp2 lef_pinv ?posrE ?ltr_paddr ?ltr01 // ler_add2l; exact: gd.
  by rewrite gz // mul0r.
have s0 j i : 0 <= s j i by rewrite /s; case: eqP => // _; rewrite mulr_ge0 ?sqr_ge0 // invr_ge0.
have rows' j : \sum_i s j i <= 1.
  have [gj|gj] := eqVneq (gr 0 j) 0; last by rewrite rows.
  by rewrite big1 ?ler01 // => i _; rewrite /s gj eqxx.
have [sy0 syd syz] := sy; have := alignment_sub sy0 syd t0 td syz s0 rows' cols.
have -> : \sum_(j < d) \sum_(i < r) s j i * (y j * t i) = \sum_(j < d) \sum_(i < r) x 0 j * (t i * Y j i ^+ 2).
  apply: eq_bigr => j _; apply: eq_bigr => i _; rewrite /s /y xj mxE.
  case: eqP => [gj|/eqP gj]; last by have := n0 j; move: (g j) gj (Y j i) (t i) => G ? ? ? ?; field; apply/andP.
  have -> : Y j i = 0; last by rewrite expr0n /= !mulr0 mul0r.
  have : (Y *m Y^T) j j = 0 by rewrite YY !mxE eqxx mulr1n.
  rewrite mxE => /eqP; rewrite psumr_eq0 => [/allP H|l _]; last by rewrite mxE -expr2 sqr_ge0.
  by have := H i (mem_index_enum i); rewrite mxE mulf_eq0 orbb => /eqP.
rewrite -trX trZ -ler_opp2 => H; apply: le_trans (ler_add (lexx (\sum_(i < r) t i)) H).
rewrite -sumrB le_eqVlt; apply/orP; left; apply/eqP; apply: eq_bigr => i _.
by rewrite /y; have := n0 i; move: (g i) (t i) => G T ?; field.
Qed.

(** ** One level with its variance: z = V x + noise of variance diag q, decoder U, target Z *)
Section Level.
Variables (D d r : nat) (U : 'M[R]_(D, d)) (V : 'M[R]_(d, r)) (q : 'rV[R]_d) (Z : 'M[R]_(D, r)).
Variables (S : 'M[R]_r) (t : nat -> R).
Hypotheses (q0 : forall j, 0 < q 0 j) (SS : S *m S^T = 1%:M).
Hypotheses (ZS : Z^T *m Z = S *m diagn r t *m S^T) (st : spectrum r t).

Definition decoder_cost := \tr ((U *m V - Z) *m (U *m V - Z)^T) + \tr (U *m diag_mx q *m U^T).
Definition moment := V *m V^T + diag_mx q.

Let L : 'M[R]_d := diag_mx (\row_j Num.sqrt (q 0 j)).
Let Li : 'M[R]_d := diag_mx (\row_j (Num.sqrt (q 0 j))^-1).
Let LT : L^T = L := LT q.
Let LL : L *m L = diag_mx q := LL q0.
Let LLi : L *m Li = 1%:M := LLi q0.
Let Lv : Li *m L = 1%:M := mulmx1C LLi.

Lemma momentE : moment = L *m (Li *m V *m (Li *m V)^T + 1%:M) *m L.
Proof.
rewrite mulmxDr mulmx1 mulmxDl LL /moment trmx_mul [Li^T]tr_diag_mx -/Li !mulmxA LLi mul1mx.
by rewrite -!mulmxA Lv mulmx1.
Qed.

Lemma level_common : exists Q g, [/\ Q *m Q^T = 1%:M, Q *m (Li *m V *m (Li *m V)^T) *m Q^T = diagn d g,
  spectrum d g, \sum_(i < r) t i / (1 + g i) <= decoder_cost &
  \det moment = \prod_j q 0 j * \prod_(j < d) (1 + g j)].
Proof.
have [Q [g [QQ QG sg]]] := gram_sorted (Li *m V); exists Q, g; split=> //.
  have QQt : Q^T *m Q = 1%:M := mulmx1C QQ.
  have KK : Q *m (Li *m V) *m (Q *m (Li *m V))^T = diagn d g by rewrite trmx_mul -QG !mulmxA.
  have := decoder_bound (U *m L *m Q^T) KK sg SS ZS st.
  have -> : U *m L *m Q^T *m (Q *m (Li *m V)) = U *m V.
    by rewrite -!mulmxA (mulmxA Q^T) QQt mul1mx (mulmxA L) LLi mul1mx.
  have -> // : U *m L *m Q^T *m (U *m L *m Q^T)^T = U *m diag_mx q *m U^T.
  by rewrite !trmx_mul trmxK LT -LL -!mulmxA (mulmxA Q^T) QQt mul1mx.
have detQ : \det Q * \det Q = 1 by rewrite -{2}det_tr -det_mulmx QQ det1.
rewrite momentE !det_mulmx mulrAC -det_mulmx LL det_diag; congr (_ * _).
have -> : \det (Li *m V *m (Li *m V)^T + 1%:M) = \det (Q *m (Li *m V *m (Li *m V)^T + 1%:M) *m Q^T).
  by rewrite !det_mulmx det_tr mulrAC detQ mul1r.
rewrite mulmxDr mulmx1 mulmxDl QQ QG.
have -> : diagn d g + 1%:M = diag_mx (\row_j (1 + g j)).
  by apply/matrixP => i j; rewrite !mxE; case: (i == j); rewrite ?mulr1n ?mulr0n ?addr0 // addrC.
by rewrite det_diag; apply: eq_bigr => j _; rewrite mxE.
Qed.

(** What a level leaves behind: the spectrum s of its moment and n_i >= 1, so that q_i = s_i / n_i is the variance of mode i. *)
Definition level_modes (s n : nat -> R) :=
  [/\ exists2 Q, Q *m Q^T = 1%:M & Q *m moment *m Q^T = diagn d s, spectrum d s,
      forall i, (i < d)%N -> 0 < s i, forall i, 1 <= n i /\ ((d <= i)%N -> n i = 1)
    & \sum_(i < r) t i / n i <= decoder_cost].

Theorem level_learnable (ln : R -> R) : (forall x y, 0 < x -> 0 < y -> ln (x * y) = ln x + ln y) ->
  exists s n, level_modes s n /\ \sum_(i < d) ln (s i / n i) = \sum_j ln (q 0 j).
Proof.
move=> lnM; have [Q0 [g [QQ0 QG sg cost detM]]] := level_common.
have [Q [s [QQ QM ss]]] := gram_sorted (row_mx V L).
rewrite tr_row_mx mul_row_col LT LL -/moment in QM.
have [s0 sd sz] := ss; have [g0 gd gz] := sg.
have g1 i : 0 < 1 + g i by rewrite ltr_paddr ?ltr01.
have detQ : \det Q * \det Q = 1 by rewrite -{2}det_tr -det_mulmx QQ det1.
have prods : \prod_(i < d) s i = \prod_j q 0 j * \prod_(j < d) (1 + g j).
  rewrite -detM; have <- : \det (Q *m moment *m Q^T) = \det moment.
    by rewrite !det_mulmx det_tr mulrAC detQ mul1r.
  by rewrite QM det_diag; apply: eq_bigr => i _; rewrite mxE.
have q_gt0 : 0 < \prod_j q 0 j by rewrite prodr_gt0.
have G_gt0 : 0 < \prod_(j < d) (1 + g j) by rewrite prodr_gt0.
have s_gt0 i : (i < d)%N -> 0 < s i.
  move=> id; rewrite lt_neqAle s0 andbT eq_sym; apply/eqP => si.
  by have := mulr_gt0 q_gt0 G_gt0; rewrite -prods (bigD1 (Ordinal id)) //= si mul0r ltxx.
exists s, (fun i => 1 + g i); split.
  split=> // [|i]; first by exists Q.
  by rewrite ler_addl; split=> // /gz ->; rewrite addr0.
rewrite -(ln_prod lnM) // -(ln_prod lnM) => [|i]; last by rewrite divr_gt0 ?s_gt0.
congr ln; rewrite -[RHS](mulfK (lt0r_neq0 G_gt0)) -prods -prodfV -big_split /=.
by apply: eq_bigr.
Qed.

Theorem level_fixed (c : R) : 0 < c -> (forall j, q 0 j = c) ->
  exists s n, level_modes s n /\ forall i, (i < d)%N -> s i / n i = c.
Proof.
move=> c0 qc; have [Q [g [QQ QG sg cost _]]] := level_common.
have [g0 gd gz] := sg; have g1 i : 0 < 1 + g i by rewrite ltr_paddr ?ltr01.
exists (fun i => if (i < d)%N then c * (1 + g i) else 0), (fun i => 1 + g i); split; last first.
  by move=> i ->; rewrite mulfK // lt0r_neq0.
have Lc : L = (Num.sqrt c)%:M by apply/matrixP => i j; rewrite !mxE qc.
split=> //.
- exists Q => //; rewrite momentE Lc mul_scalar_mx mul_mx_scalar scalerA -expr2 sqr_sqrtr ?ltW //.
  rewrite -scalemxAr -scalemxAl mulmxDr mulmx1 mulmxDl QQ QG.
  by apply/matrixP => i j; rewrite !mxE ltn_ord; case: (i == j); rewrite ?mulr1n ?mulr0n ?addr0 ?mulr0 // addrC.
- split=> [i|i j ij|i di]; last by rewrite ltnNge di.
    by case: ifP => // _; rewrite mulr_ge0 ?ltW.
  case: ifP => jd; last by case: ifP => // _; rewrite mulr_ge0 ?ltW.
  by rewrite (leq_ltn_trans ij jd) ler_pmul2l // ler_add2l gd.
- by move=> i ->; rewrite mulr_gt0.
- by move=> i; rewrite ler_addl; split=> // /gz ->; rewrite addr0.
Qed.
End Level.

(** ** A level above another: with M = P P^T the moment of z_(l-1), z_l sees V = W P and its decoder aims at P. *)
Lemma above_cost d d' (P : 'M[R]_d) (U : 'M[R]_(d, d')) (W : 'M[R]_(d', d)) q :
  decoder_cost U (W *m P) q P
  = \tr ((U *m W - 1%:M) *m (P *m P^T) *m (U *m W - 1%:M)^T) + \tr (U *m diag_mx q *m U^T).
Proof.
have E : U *m (W *m P) - P = (U *m W - 1%:M) *m P by rewrite mulmxBl mul1mx mulmxA.
by rewrite /decoder_cost E trmx_mul !mulmxA.
Qed.

Lemma above_moment d d' (P : 'M[R]_d) (W : 'M[R]_(d', d)) q :
  moment (W *m P) q = W *m (P *m P^T) *m W^T + diag_mx q.
Proof. by rewrite /moment trmx_mul !mulmxA. Qed.
End Levels.
