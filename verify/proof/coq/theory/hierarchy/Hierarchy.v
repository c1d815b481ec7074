(** Any number of levels, each learnable (any positive diagonal) or fixed isotropic, any dimensions, bottlenecks included:
    the matrix loss of the linear hierarchy is at least the sum over modes of its mode program.
    Levels are numbered from 0 here: level l is the paper's z_(l+1), U l and W l join z_(l+1) and z_(l+2). *)
From mathcomp Require Import all_ssreflect all_algebra ring.
From CollapseAudit Require Import Definitions Diagonals SingularValues Levels.
Import Order.Theory GRing.Theory Num.Theory.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Section Hierarchy.
Variables (R : rcfType) (ln : R -> R).
Hypothesis lnM : forall x y, 0 < x -> 0 < y -> ln (x * y) = ln x + ln y.

(** One level, learnable or fixed: the variance of mode i is s_i / n_i; an isotropic Sigma = c I stays c on every mode. *)
Lemma level_any D d r (U : 'M[R]_(D, d)) (V : 'M[R]_(d, r)) (q : 'rV[R]_d) (Z : 'M[R]_(D, r)) (S : 'M[R]_r) t :
  (forall j, 0 < q 0 j) -> S *m S^T = 1%:M -> Z^T *m Z = S *m diagn r t *m S^T -> spectrum r t ->
  exists s n, [/\ level_modes U V q Z t s n, \sum_(i < d) ln (s i / n i) = \sum_j ln (q 0 j)
    & forall c, (forall j, q 0 j = c) -> forall i, (i < d)%N -> s i / n i = c].
Proof.
move=> q0 SS ZS st; have [/forallP iso|/forallPn [j qj]] := boolP [forall j, q 0 j == (if insub 0%N is Some k then q 0 k else 1)].
  set c := (if insub _ is Some k then _ else _) in iso.
  have c0 : 0 < c by rewrite /c; case: insubP => [k _ _|_]; rewrite ?ltr01.
  have qc j : q 0 j = c by exact/eqP/iso.
  have [s [n [L E]]] := level_fixed U V q0 SS ZS st c0 qc; exists s, n; split=> //.
    by apply: eq_bigr => j _; rewrite E // qc.
  by move=> c' qc' i id; rewrite E // -(qc (Ordinal id)).
have [s [n [L E]]] := level_learnable U V q0 SS ZS st lnM; exists s, n; split=> // c qc.
by case/eqP: qj; case: insubP => [k _ _|]; rewrite ?qc // (leq_trans _ (ltn_ord j)).
Qed.

Variables (beta : nat -> R) (eta_dec eta_enc : R) (D r : nat) (d : nat -> nat).
Hypothesis B : forall l, 0 <= beta l.
Variables (U_1 : 'M[R]_(D, d 0)) (V_1 : 'M[R]_(d 0, r)) (Z : 'M[R]_(D, r)).
Variables (U : forall l, 'M[R]_(d l, d l.+1)) (W : forall l, 'M[R]_(d l.+1, d l)) (Sigma : forall l, 'rV[R]_(d l)).
Hypothesis q0 : forall l j, 0 < Sigma l 0 j.
Let c := eta_dec / eta_enc.

(* second_moment l = E[z z^T] at level l *)
Fixpoint second_moment l : 'M[R]_(d l) :=
  if l is l'.+1 then W l' *m second_moment l' *m (W l')^T + diag_mx (Sigma l'.+1) else moment V_1 (Sigma 0).

(* E |z_l - U z_(l+1)|^2 *)
Definition level_cost l := \tr ((U l *m W l - 1%:M) *m second_moment l *m (U l *m W l - 1%:M)^T) + \tr (U l *m diag_mx (Sigma l.+1) *m (U l)^T).

Definition hierarchy_loss L := decoder_cost U_1 V_1 (Sigma 0) Z + \sum_(l < L) beta l * level_cost l
  + beta L * c ^+ 2 * \tr (second_moment L) - eta_dec ^+ 2 * \sum_(l < L.+1) beta l * \sum_j ln (Sigma l 0 j).

(* the mode program of mode i: term_1 + ... + term_(L+1) - entropies; a level without mode i cuts it *)
Definition mode_loss L i (t : R) (s q : nat -> R) := (if (i < d 0)%N then t * (q 0%N / s 0%N) else t)
  + \sum_(l < L) beta l * (s l * (if (i < d l.+1)%N then q l.+1 / s l.+1 else 1))
  + beta L * c ^+ 2 * s L - eta_dec ^+ 2 * \sum_(l < L.+1) (if (i < d l)%N then beta l * ln (q l) else 0).

Variables (S : 'M[R]_r) (t : nat -> R).
Hypotheses (SS : S *m S^T = 1%:M) (ZS : Z^T *m Z = S *m diagn r t *m S^T) (st : spectrum r t).   (* t_i = theta_i^2 *)

Let ok l (s n : nat -> R) := [/\ exists2 Q, Q *m Q^T = 1%:M & Q *m second_moment l *m Q^T = diagn (d l) s,
  [/\ spectrum (d l) s, forall i, (i < d l)%N -> 0 < s i & forall i, 1 <= n i /\ ((d l <= i)%N -> n i = 1)],
  \sum_(i < d l) ln (s i / n i) = \sum_j ln (Sigma l 0 j)
  & forall v, (forall j, Sigma l 0 j = v) -> forall i, (i < d l)%N -> s i / n i = v].

(** Induction over the levels: the moment of one level is the target of the next. *)
Lemma levels L : exists s n : nat -> nat -> R, [/\ forall l, (l <= L)%N -> ok l (s l) (n l),
  \sum_(i < r) t i / n 0%N i <= decoder_cost U_1 V_1 (Sigma 0) Z
  & forall l, (l < L)%N -> \sum_(i < d l) s l i / n l.+1 i <= level_cost l].
Proof.
elim: L => [|L [s [n [okL cost0 costL]]]].
  have [s [n [[QM ss sp n1 C] E F]]] := level_any U_1 V_1 (q0 (l:=0)) SS ZS st.
  by exists (fun=> s), (fun=> n); split=> // l; rewrite leqn0 => /eqP ->; split.
have [[Q QQ QM] [ss sp n1] _ _] := okL L (leqnn L).
have [P PP PtP] := square_root QQ QM ss.
have [s' [n' [[QM' ss' sp' n1' C] E F]]] := level_any (U L) (W L *m P) (q0 (l:=L.+1)) (one_one _ _) PtP ss.
rewrite above_cost PP in C.
have QM2 : exists2 Q, Q *m Q^T = 1%:M & Q *m second_moment L.+1 *m Q^T = diagn (d L.+1) s'.
  by have [Q' QQ' H] := QM'; exists Q'; rewrite // -H above_moment PP.
exists (fun l => if l == L.+1 then s' else s l), (fun l => if l == L.+1 then n' else n l); split=> // l lL.
  case: eqP => [->|ne]; first by split.
  by apply: okL; rewrite -ltnS ltn_neqAle lL andbT; apply/eqP.
have [->|ne] := eqVneq l L; first by rewrite eqxx (ltn_eqF (ltnSn L)).
have {}lL : (l < L)%N by rewrite ltn_neqAle ne -ltnS.
by rewrite (ltn_eqF (ltn_trans lL (ltnSn L))) eqSS (negbTE ne) costL.
Qed.

Theorem hierarchy_modes L : exists s q : nat -> nat -> R,
  [/\ forall l i, (l <= L)%N -> if (i < d l)%N then 0 < q l i <= s l i else s l i == 0,
      forall l v, (l <= L)%N -> (forall j, Sigma l 0 j = v) -> forall i, (i < d l)%N -> q l i = v   (* fixed isotropic levels *)
    & forall N, (r <= N)%N -> (forall l, (l <= L)%N -> (d l <= N)%N) ->
      \sum_(i < N) mode_loss L i (t i) (s^~ i) (q^~ i) <= hierarchy_loss L].
Proof.
have [s [n [okL cost0 costL]]] := levels L; exists s, (fun l i => s l i / n l i); split.
- move=> l i lL; have [_ [[_ _ sz] sp n1] _ _] := okL l lL; case: ltnP => [id|/sz ->]; last exact: eqxx.
  have n0 : 0 < n l i by rewrite (lt_le_trans ltr01) ?(n1 i).1.
  rewrite divr_gt0 ?sp //= ler_pdivr_mulr // ler_pmulr ?sp //; exact: (n1 i).1.
- by move=> l v lL qv i id; have [_ _ _] := okL l lL; apply.
move=> N rN dN; have [_ _ tz] := st.
have term1 (i : nat) : (if (i < d 0)%N then t i * (s 0%N i / n 0%N i / s 0%N i) else t i) = t i / n 0%N i.
  have [_ [_ sp n1] _ _] := okL 0%N (leq0n L); case: ltnP => [id|di]; last by rewrite (n1 i).2 // divr1.
  by rewrite [s 0%N i / _ / _]mulrAC mulfV ?mul1r // lt0r_neq0 // sp.
have term (i l : nat) : (l < L)%N ->
  s l i * (if (i < d l.+1)%N then s l.+1 i / n l.+1 i / s l.+1 i else 1) = s l i / n l.+1 i.
  move=> lL; have [_ [_ sp n1] _ _] := okL l.+1 lL; case: ltnP => [id|di]; last by rewrite (n1 i).2 // divr1 mulr1.
  by rewrite [s l.+1 i / _ / _]mulrAC mulfV ?mul1r // lt0r_neq0 // sp.
rewrite /mode_loss sumrB !big_split /= -!mulr_sumr /hierarchy_loss.
apply: ler_add; last first.
  rewrite ler_opp2 le_eqVlt; apply/orP; left; apply/eqP; congr (_ * _); rewrite exchange_big /=.
  apply: eq_bigr => l _; have lL : (l <= L)%N by rewrite -ltnS.
  have [_ _ <- _] := okL l lL; rewrite mulr_sumr.
  rewrite (pad (f := fun i => if (i < d l)%N then beta l * ln (s l i / n l i) else 0) (dN l lL)) => [|j dj]; last by rewrite ltnNge dj.
  by apply: eq_bigr => i _; rewrite ltn_ord.
apply: ler_add; last first.
  have [[Q QQ QM] [[_ _ sz] _ _] _ _] := okL L (leqnn L).
  by rewrite (trace_modes QQ QM) (pad (dN L (leqnn L)) sz).
apply: ler_add.
  rewrite (eq_bigr _ (fun (i : 'I_N) _ => term1 i)) (pad (f := fun i => t i / n 0%N i) rN) // => j rj.
  by rewrite tz // mul0r.
rewrite exchange_big /=; apply: ler_sum => l _; rewrite -mulr_sumr ler_wpmul2l //.
have lL : (l <= L)%N by rewrite ltnW.
have [_ [[_ _ sz] _ _] _ _] := okL l lL.
rewrite (eq_bigr _ (fun (i : 'I_N) _ => term i l (ltn_ord l))) (pad (f := fun i => s l i / n l.+1 i) (dN l lL)); first exact: costL.
by move=> j dj; rewrite sz // mul0r.
Qed.
End Hierarchy.
