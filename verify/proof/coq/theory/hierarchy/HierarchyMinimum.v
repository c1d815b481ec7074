(** Any number of levels: the minimum over all matrices is the sum over modes of the minima of the mode programs.
    fixed l = Some v: Sigma_l = v I is fixed; None: Sigma_l is any positive diagonal (learnable). *)
From mathcomp Require Import all_ssreflect all_algebra ring.
From CollapseAudit Require Import Definitions Diagonals SingularValues Hierarchy HierarchyAttained.
Import Order.Theory GRing.Theory Num.Theory.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Section Minimum.
Variables (R : rcfType) (ln : R -> R).
Hypothesis lnM : forall x y, 0 < x -> 0 < y -> ln (x * y) = ln x + ln y.
Variables (beta : nat -> R) (eta_dec eta_enc : R) (D r : nat) (d : nat -> nat) (L N : nat) (fixed : nat -> option R).
Hypothesis B : forall l, 0 <= beta l.
Variables (Rf : 'M[R]_D) (S : 'M[R]_r) (theta : nat -> R).
Hypotheses (DN : (D <= N)%N) (rN : (r <= N)%N) (dN : forall l, (l <= L)%N -> (d l <= N)%N).
Hypotheses (RR : Rf^T *m Rf = 1%:M) (SS : S *m S^T = 1%:M) (thD : within D theta) (thr : within r theta).
Hypotheses (th0 : forall i, 0 <= theta i) (ths : forall i j, (i <= j)%N -> theta j <= theta i).
Let Z := Rf *m rdiag D r theta *m S^T.

Lemma singular_moment : Z^T *m Z = S *m diagn r (fun i => theta i ^+ 2) *m S^T.
Proof.
rewrite /Z !trmx_mul trmxK rdiag_tr -!mulmxA (mulmxA Rf^T) RR mul1mx !mulmxA -(mulmxA S).
rewrite rdiag_mul_within => [|i di]; last by rewrite thD // mul0r.
congr (_ *m _ *m _); apply/matrixP => i j; rewrite !mxE expr2 -val_eqE; by case: eqP.
Qed.

Lemma singular_spectrum : spectrum r (fun i => theta i ^+ 2).
Proof.
split=> [i|i j ij|i ri]; first by rewrite exprn_ge0.
  by rewrite ler_pexpn2r ?nnegrE // ths.
by rewrite thr // expr0n.
Qed.

(* feasible points of the mode program of mode i; a level without mode i has second moment 0 there *)
Definition feasible i (s q : nat -> R) := forall l, (l <= L)%N ->
  if (i < d l)%N then 0 < q l <= s l /\ (forall v, fixed l = Some v -> q l = v) else s l = 0.

Theorem hierarchy_minimum (opt : nat -> R) :
  (forall i s q, feasible i s q -> opt i <= mode_loss ln beta eta_dec eta_enc d L i (theta i ^+ 2) s q) ->
  forall U_1 V_1 (U : forall l, 'M[R]_(d l, d l.+1)) (W : forall l, 'M[R]_(d l.+1, d l)) (Sigma : forall l, 'rV[R]_(d l)),
  (forall l j, 0 < Sigma l 0 j) -> (forall l v, fixed l = Some v -> forall j, Sigma l 0 j = v) ->
  \sum_(i < N) opt i <= hierarchy_loss ln beta eta_dec eta_enc U_1 V_1 Z U W Sigma L.
Proof.
move=> H U_1 V_1 U W Sigma q0 fx.
have ZS := singular_moment; have st := singular_spectrum.
have [s [q [f1 f2 bound]]] := hierarchy_modes lnM eta_dec eta_enc B U_1 V_1 U W q0 SS ZS st L.
apply: le_trans (bound N rN dN); apply: ler_sum => i _; apply: H => l lL.
have := f1 l i lL; case: ifP => [id qs|_ /eqP //]; split=> // v fv.
exact: (f2 l v lL (fx l v fv)).
Qed.

(** Attained with frames T_l = 1, at any minimisers (s, q) of the mode programs. *)
Theorem hierarchy_minimum_attained (opt : nat -> R) (s q : nat -> nat -> R) :
  (forall l i, (i < d l)%N -> 0 < q l i <= s l i) -> (forall l, within (d l) (q l)) -> (forall l, within (d l) (s l)) ->
  (forall i, (r <= i)%N -> s 0%N i = q 0%N i) -> (forall l i, (d l <= i)%N -> s l.+1 i = q l.+1 i) ->
  (forall i, opt i = mode_loss ln beta eta_dec eta_enc d L i (theta i ^+ 2) (s^~ i) (q^~ i)) ->
  exists U_1 V_1 (U : forall l, 'M[R]_(d l, d l.+1)) (W : forall l, 'M[R]_(d l.+1, d l)),
  hierarchy_loss ln beta eta_dec eta_enc U_1 V_1 Z U W (fun l => \row_(i < d l) q l i) L = \sum_(i < N) opt i.
Proof.
move=> fs qz sz i0 i1 H; pose T l : 'M[R]_(d l) := 1%:M.
have TT l : (T l)^T *m T l = 1%:M by rewrite /T trmx1 mulmx1.
have Tq l : T l *m rdiag (d l) (d l) (q l) *m (T l)^T = rdiag (d l) (d l) (q l) by rewrite /T trmx1 mul1mx mulmx1.
have := hierarchy_reached ln beta eta_dec eta_enc RR SS TT thD thr fs qz sz i0 i1 Tq DN dN.
rewrite (eq_bigr _ (fun (i : 'I_N) _ => esym (H i))) => E.
by exists (U1f Rf T theta s q), (V1f S T s q), (Uf T theta s q), (Wf T s q).
Qed.
End Minimum.
