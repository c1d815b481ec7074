(** The decompositions that the theorems take as given exist: the spectral theorem with sorted eigenvalues, the completion of orthonormal
    rows, the singular value decomposition. Spectra are sequences over all of nat, sorted, 0 beyond the dimension. *)
From mathcomp Require Import all_ssreflect all_algebra perm ring.
From CollapseAudit Require Import Definitions Spectral Diagonals.
Import Order.Theory GRing.Theory Num.Theory.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Section Svd.
Variable R : rcfType.

(** M symmetric, positive semidefinite: M = Q diag(m) Q^T, m_0 >= m_1 >= ... >= 0 *)
Theorem spectral_sorted n (M : 'M[R]_n) : M^T = M -> (forall v : 'rV[R]_n, 0 <= (v *m M *m v^T) 0 0) ->
  exists (Q : 'M[R]_n) (m : nat -> R),
    [/\ orthogonal Q, M = Q *m rdiag n n m *m Q^T, decreasing m, forall i, 0 <= m i & forall i, (n <= i)%N -> m i = 0].
Proof.
move=> MT psd; have [Q0 [mu [QQ QM]]] := spectral MT.
have mu0 j : 0 <= mu 0 j.
  have -> : mu 0 j = (row j Q0 *m M *m (row j Q0)^T) 0 0; last exact: psd.
  have <- : diag_mx mu j j = mu 0 j by rewrite !mxE eqxx.
  rewrite -QM [LHS]mxE -row_mul [RHS]mxE; apply: eq_bigr => i _.
  by rewrite [(row j _) 0 i]mxE; congr (_ * _); rewrite !mxE.
pose t := [tuple mu 0 i | i < n]; pose st := sort >=%R t.
have [p pE] : exists p : 'S_n, st = [tuple tnth t (p i) | i < n] :> seq R.
  by apply/tuple_permP; rewrite /st perm_sort.
have sz : size st = n by rewrite size_sort size_tuple.
have nthE (i : 'I_n) : nth 0 st i = mu 0 (p i).
  by rewrite pE -(tnth_nth 0 [tuple tnth t (p i) | i < n]) !tnth_mktuple.
have pos i : 0 <= nth 0 st i.
  by have [ni|i_n] := leqP n i; [rewrite nth_default ?sz | rewrite (nthE (Ordinal i_n))].
have dec : decreasing (fun i => nth 0 st i).
  move=> i j ij; have [nj|jn] := leqP n j; first by rewrite nth_default ?sz.
  have tr : transitive (>=%R : rel R) by move=> x y z yx zy; apply: le_trans zy yx.
  have rf : reflexive (>=%R : rel R) by move=> x; apply: lexx.
  have so : sorted >=%R st by apply: sort_sorted => x y; apply: le_total.
  by have := sorted_leq_nth tr rf 0 so; apply; rewrite ?inE ?sz // (leq_ltn_trans ij).
have [Q1 Q1E] : {Q1 | Q1 = perm_mx p *m Q0} by exists (perm_mx p *m Q0).
have QQ1 : Q1 *m Q1^T = 1%:M.
  by rewrite Q1E trmx_mul mulmxA -(mulmxA (perm_mx p)) QQ mulmx1 tr_perm_mx -perm_mxM fingroup.mulgV perm_mx1.
have QM1 : Q1 *m M *m Q1^T = rdiag n n (fun i => nth 0 st i).
  have -> : Q1 *m M *m Q1^T = perm_mx p *m diag_mx mu *m (perm_mx p)^T by rewrite -QM Q1E trmx_mul !mulmxA.
  rewrite tr_perm_mx -col_permE -row_permE; apply/matrixP => i j; rewrite !mxE nthE.
  by rewrite (inj_eq perm_inj).
exists Q1^T, (fun i => nth 0 st i); split=> //.
- by rewrite /orthogonal trmxK; apply: mulmx1C.
- by rewrite trmxK -QM1 !mulmxA (mulmx1C QQ1) mul1mx -mulmxA (mulmx1C QQ1) mulmx1.
- by move=> i ni; rewrite nth_default ?sz.
Qed.

Definition diagn n (s : nat -> R) : 'M[R]_n := diag_mx (\row_(i < n) s i).

(** A spectrum of dimension n: non-negative, descending, 0 from n on. *)
Definition spectrum n (s : nat -> R) :=
  [/\ forall i, 0 <= s i, forall i j, (i <= j)%N -> s j <= s i & forall i, (n <= i)%N -> s i = 0].

Lemma gram_sorted d m (B : 'M[R]_(d, m)) :
  exists Q s, [/\ Q *m Q^T = 1%:M, Q *m (B *m B^T) *m Q^T = diagn d s & spectrum d s].
Proof.
have sym : (B *m B^T)^T = B *m B^T by rewrite trmx_mul trmxK.
have psd (v : 'rV[R]_d) : 0 <= (v *m (B *m B^T) *m v^T) 0 0.
  have -> : v *m (B *m B^T) *m v^T = (v *m B) *m (v *m B)^T by rewrite trmx_mul !mulmxA.
  exact: sqn_ge0.
have [Q [s [QQ E sd s0 sz]]] := spectral_sorted sym psd; exists Q^T, s; split=> //; first by rewrite trmxK; apply: mulmx1C.
by rewrite E trmxK -!mulmxA [Q^T *m (Q *m _)]mulmxA !(mulmx1C QQ) mul1mx mulmx1 /diagn rdiag_diag.
Qed.

Lemma trace_modes d (M Q : 'M[R]_d) s : Q *m Q^T = 1%:M -> Q *m M *m Q^T = diagn d s -> \tr M = \sum_(i < d) s i.
Proof.
move=> QQ QM; have -> : \tr M = \tr (diagn d s) by rewrite -QM mxtrace_mulC mulmxA (mulmx1C QQ) mul1mx.
by rewrite mxtrace_diag; apply: eq_bigr => i _; rewrite mxE.
Qed.
(** The symmetric square root of a moment, as a target for the level above. *)
Lemma square_root d (M Q : 'M[R]_d) s : Q *m Q^T = 1%:M -> Q *m M *m Q^T = diagn d s -> spectrum d s ->
  exists2 P : 'M[R]_d, P *m P^T = M & P^T *m P = 1%:M *m diagn d s *m 1%:M^T.
Proof.
move=> QQ QM [s0 _ _]; have QQt := mulmx1C QQ.
pose h : 'M[R]_d := diag_mx (\row_(i < d) Num.sqrt (s i)).
have hT : h^T = h by exact: tr_diag_mx.
have hh : h *m h = diagn d s.
  by rewrite mulmx_diag; congr diag_mx; apply/rowP => j; rewrite !mxE -expr2 sqr_sqrtr.
exists (Q^T *m h).
  by rewrite trmx_mul trmxK hT mulmxA -(mulmxA Q^T) hh -QM !mulmxA QQt mul1mx -mulmxA QQt mulmx1.
by rewrite trmx_mul trmxK hT mulmxA -(mulmxA h) QQ mulmx1 hh trmx1 mulmx1 mul1mx.
Qed.

Lemma one_one d : (1%:M : 'M[R]_d) *m 1%:M^T = 1%:M. Proof. by rewrite trmx1 mulmx1. Qed.

Let rdiag1_block k n : rdiag (1 + k) (1 + n) (fun=> 1) = block_mx 1%:M 0 0 (rdiag k n (fun=> 1)) :> 'M[R]_(1 + k, 1 + n).
Proof.
apply/matrixP => i j; case: (split_ordP i) => i' ->; case: (split_ordP j) => j' ->.
- by rewrite block_mxEul !ord1 !mxE.
- by rewrite block_mxEur !ord1 !mxE.
- by rewrite block_mxEdl !ord1 !mxE.
- by rewrite block_mxEdr !mxE.
Qed.

(** orthonormal rows are the first rows of an orthogonal matrix *)
Lemma complete k D (F : 'M[R]_(k, D)) : F *m F^T = 1%:M ->
  exists P : 'M[R]_D, orthogonal P /\ F = rdiag k D (fun=> 1) *m P.
Proof.
elim: k D F => [|k IH] [|D] F FF.
- by exists 1%:M; split; [rewrite /orthogonal trmx1 mulmx1 | rewrite !flatmx0].
- by exists 1%:M; split; [rewrite /orthogonal trmx1 mulmx1 | rewrite !flatmx0].
- by have := congr1 (fun M : 'M[R]__ => M 0 0) FF => /eqP; rewrite !mxE big_ord0 eqxx eq_sym oner_eq0.
have f1 : (row 0 F *m (row 0 F)^T) 0 0 = 1.
  have e : (F *m F^T) 0 0 = 1 by rewrite FF mxE eqxx.
  by rewrite -e !mxE; apply: eq_bigr => j _; rewrite !mxE.
have [H [HH rH]] := householder f1.
have [G GE] : {G : 'M[R]_(1 + k, 1 + D) | G = F *m H^T} by exists (F *m H^T).
have GG : G *m G^T = 1%:M by rewrite GE trmx_mul trmxK mulmxA -(mulmxA F) (mulmx1C HH) mulmx1.
have l0 m : lshift m (0 : 'I_1) = 0 :> 'I_(1 + m) by exact: val_inj.
have rG : row 0 G = delta_mx 0 0 by rewrite GE row_mul -rH -row_mul HH row1.
have ul : ulsubmx G = 1%:M.
  by apply/matrixP => i j; rewrite !ord1 !mxE !l0; move/rowP/(_ 0): rG; rewrite !mxE !eqxx.
have ur : ursubmx G = 0.
  by apply/matrixP => i j; rewrite !ord1 !mxE !l0; move/rowP/(_ (rshift 1 j)): rG; rewrite !mxE.
have := GG; rewrite -[G]submxK ul ur tr_block_mx !trmx1 trmx0 mulmx_block !(mulmx1, mul0mx, mulmx0, addr0, mul1mx).
rewrite [X in _ = X]scalar_mx_block => /eq_block_mx [_ _ dl].
rewrite dl trmx0 mulmx0 add0r => drr; have [P' [PP' dE]] := IH _ _ drr.
pose B : 'M[R]_(1 + D) := block_mx 1%:M 0 0 P'.
have BB : orthogonal B.
  by rewrite /orthogonal /B tr_block_mx trmx1 !trmx0 mulmx_block !(mulmx1, mul0mx, mulmx0, addr0, add0r) PP' -scalar_mx_block.
have GB : G = rdiag (1 + k) (1 + D) (fun=> 1) *m B.
  by rewrite -[LHS]submxK ul ur dl {1}dE rdiag1_block /B mulmx_block !(mulmx1, mul0mx, mulmx0, addr0, add0r).
exists (B *m H); split.
  by rewrite /orthogonal trmx_mul mulmxA -(mulmxA B) HH mulmx1 BB.
by rewrite mulmxA -GB GE -mulmxA (mulmx1C HH) mulmx1.
Qed.

(** every matrix has a singular value decomposition Z = P Theta S^T *)
Theorem svd D r (Z : 'M[R]_(D, r)) : exists (P : 'M[R]_D) (S : 'M[R]_r) (theta : nat -> R),
  [/\ orthogonal P /\ orthogonal S, Z = P *m rdiag D r theta *m S^T, decreasing theta, forall i, 0 <= theta i
    & forall i, (D <= i)%N || (r <= i)%N -> theta i = 0].
Proof.
have sym : (Z^T *m Z)^T = Z^T *m Z by rewrite trmx_mul trmxK.
have psd (v : 'rV[R]_r) : 0 <= (v *m (Z^T *m Z) *m v^T) 0 0.
  have -> : v *m (Z^T *m Z) *m v^T = (v *m Z^T) *m (v *m Z^T)^T by rewrite trmx_mul trmxK !mulmxA.
  exact: sqn_ge0.
have [S [t [SS ZE td t0 tout]]] := spectral_sorted sym psd.
pose th i := Num.sqrt (t i).
have th2 i : th i * th i = t i by rewrite -expr2 sqr_sqrtr.
have ex : exists i, t i == 0 by exists r; rewrite tout.
have [k tk kmin] : exists2 k, (forall i, (i < k)%N -> t i != 0) & (forall i, (k <= i)%N -> t i = 0).
  have [k tk kmin] := ex_minnP ex; exists k => i ik.
    by apply: contraTN ik => /kmin; rewrite -leqNgt.
  by apply/eqP; rewrite eq_le t0 andbT -(eqP tk) td.
have thn i : (i < k)%N -> th i != 0.
  by move=> ik; rewrite lt0r_neq0 // sqrtr_gt0 lt_neqAle eq_sym tk ?t0.
have kr : (k <= r)%N by rewrite leqNgt; apply/negP => /tk; rewrite tout // eqxx.
pose Y := Z *m S.
have YY : Y^T *m Y = rdiag r r t.
  rewrite /Y trmx_mul -!mulmxA [Z^T *m (Z *m S)]mulmxA ZE -!mulmxA (mulmx1C SS) mulmx1.
  by rewrite mulmxA (mulmx1C SS) mul1mx.
have rE m n (f g : nat -> R) : (forall i, (i < m)%N -> (i < n)%N -> f i = g i) -> rdiag m n f = rdiag m n g.
  move=> fg; apply/matrixP => i j; rewrite !mxE; case: eqP => //= ij; rewrite fg // ij //.
pose F := rdiag k r (fun i => (th i)^-1) *m Y^T.
have FF : F *m F^T = 1%:M.
  rewrite /F [(_ *m Y^T)^T]trmx_mul trmxK rdiag_tr mulmxA -(mulmxA (rdiag k r _)) YY !rdiag_mul.
  have -> : 1%:M = rdiag k k (fun=> 1) :> 'M[R]_k by apply/matrixP => i j; rewrite !mxE.
  apply: rE => i ik _; rewrite (leq_trans ik kr) !mulr1n -th2 mulKf ?thn // mulfV ?thn //.
have kD : (k <= D)%N.
  by rewrite -[k](mxrank1 R) -FF (leq_trans (mxrankM_maxl _ _)) // rank_leq_col.
have [P [PP FE]] := complete FF.
have YE : Y^T = rdiag r D th *m P.
  have -> : rdiag r D th = rdiag r k th *m rdiag k D (fun=> 1).
    rewrite rdiag_mul; apply: rE => i _ _; rewrite mulr1; have [//|ki] := ltnP i k.
    by rewrite /th kmin // sqrtr0.
  rewrite -mulmxA -FE /F mulmxA rdiag_mul.
  apply/row_matrixP => i; have [ik|ki] := ltnP i k.
    rewrite row_mul; have -> : row i (rdiag r r (fun i0 => (th i0 / th i0) *+ (i0 < k)%N)) = delta_mx 0 i.
      by apply/rowP => j; rewrite !mxE eq_sym eqxx /= ik mulr1n mulfV ?thn.
    by rewrite -rowE.
  have -> : row i Y^T = 0.
    apply: sqn_eq0; have -> : (row i Y^T *m (row i Y^T)^T) 0 0 = (Y^T *m Y) i i.
      by rewrite !mxE; apply: eq_bigr => j _; rewrite !mxE.
    by rewrite YY mxE eqxx kmin.
  by apply/rowP => j; rewrite row_mul [RHS]mxE big1 ?mxE // => l _; rewrite [X in X * _]mxE [X in X * _]mxE ltnNge ki mulr0n mul0rn mul0r.
exists P^T, S, th; split.
- by split=> //; rewrite /orthogonal trmxK; apply: mulmx1C.
- have -> : P^T *m rdiag D r th = Y by rewrite -[RHS]trmxK YE trmx_mul rdiag_tr.
  by rewrite /Y -mulmxA SS mulmx1.
- by move=> i j ij; apply: ler_wsqrtr; apply: td.
- by move=> i; apply: sqrtr_ge0.
- by move=> i Hi; rewrite /th kmin ?sqrtr0 //; case/orP: Hi; apply: leq_trans.
Qed.
End Svd.
