(** cvae-learnable, Theorem 2 of arXiv 2306.05023: the typed frames are a global minimum. E = Q diag(theta^2) Q^T is the residual's moment. *)
From mathcomp Require Import all_ssreflect all_algebra ring.
From CollapseAudit Require Import Definitions Diagonals Residual VaeLearnable.
Import Order.Theory GRing.Theory Num.Theory.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

(** the symmetric square root of E *)
Lemma root_moment (R : rcfType) D (E Q : 'M[R]_D) (theta : nat -> R) : orthogonal Q ->
  E = Q *m rdiag D D (fun i => theta i ^+ 2) *m Q^T ->
  E = (Q *m rdiag D D theta *m Q^T) *m (Q *m rdiag D D theta *m Q^T)^T.
Proof.
move=> QQ ->; rewrite !trmx_mul trmxK rdiag_tr -!mulmxA [Q^T *m (Q *m _)]mulmxA (mulmx1C QQ) mul1mx.
rewrite [rdiag _ _ _ *m (rdiag _ _ _ *m _)]mulmxA rdiag_mul; congr (_ *m (_ *m _)).
by apply/matrixP => i j; rewrite !mxE ltn_ord mulr1n expr2.
Qed.

Lemma invertible (R : rcfType) D0 D (A : 'M[R]_D0) (C : 'M[R]_(D, D0)) : A \in unitmx -> (C *m invmx A) *m A = C.
Proof. by move=> uA; rewrite -mulmxA mulVmx // mulmx1. Qed.

Section Cvae.
Variables (R : rcfType) (ln : R -> R).
Hypothesis lnM : forall x y, 0 < x -> 0 < y -> ln (x * y) = ln x + ln y.
Hypothesis ln_le : forall x, 0 < x -> ln x <= x - 1.
Variables beta eta_dec eta_enc : R.
Hypotheses (beta0 : 0 < beta) (dec0 : 0 < eta_dec) (enc0 : 0 < eta_enc).

(** x and y: any data (a column per sample, weights absorbed), so any joint second moment *)
Variables (D0 D N : nat) (X : 'M[R]_(D0, N)) (Y : 'M[R]_(D, N)).
Let A := X *m X^T.
Let B := Y *m Y^T.
Let C := Y *m X^T.
(** P = C A^-1 when A is invertible (lemma invertible of Cvae.v); any solution of the normal equations, which always exists, otherwise *)
Variable P : 'M[R]_(D, D0).
Hypothesis PA : P *m A = C.
Let E := B - P *m C^T.

(** eigenvalues theta_i^2 and orthonormal eigenvectors (the columns of Q) of E *)
Variables (Q : 'M[R]_D) (theta : nat -> R).
Hypothesis QQ : orthogonal Q.
Hypothesis theta_pos : forall i, 0 <= theta i.
Hypothesis theta_dec : decreasing theta.
Hypothesis theta_pad : forall i, (D <= i)%N -> theta i = 0.
Hypothesis EQ : E = Q *m rdiag D D (fun i => theta i ^+ 2) *m Q^T.

Variable d : nat.
Let loss := @cvae_loss R ln beta eta_dec eta_enc D0 D d A B C.
Let K := Q *m rdiag D D theta *m Q^T.
Let EK : residual B C P = K *m K^T. Proof. exact: root_moment QQ EQ. Qed.
Let pad i : (D <= i)%N || (D <= i)%N -> theta i = 0. Proof. by rewrite orbb; apply: theta_pad. Qed.

(** Theorem 2, the bound ... *)
Theorem cvae_learnable_minimum (U1 : 'M[R]_(D, d)) U2 W1 (W2 : 'M[R]_(d, D)) (q : 'rV[R]_d) : (forall j, 0 < q 0 j) ->
  value_learnable ln beta eta_dec eta_enc d D theta <= loss U1 U2 W1 W2 (diag_mx q).
Proof.
move=> q0; apply: le_trans (cvae_residual_bound (erefl : A = X *m X^T) PA ln eta_dec eta_enc beta0 EK U1 U2 W1 W2 (diag_mx q)).
exact: (vae_learnable_minimum lnM ln_le beta0 dec0 enc0 QQ QQ theta_pos theta_dec pad).
Qed.

(** ... and the typed frames attain it: U1 = Q Omega T^T, W2 E^(1/2) = T Lambda Q^T, W1 = - W2 C A^-1, U2 = C A^-1. *)
Theorem cvae_learnable_frames (T : 'M[R]_d) : orthogonal T ->
  let U1 := Q *m rdiag D d (omega_learnable beta eta_dec eta_enc theta) *m T^T in
  let W2 := T *m rdiag d D (fun i => lambda_learnable beta eta_dec eta_enc theta i / theta i) *m Q^T in
  let Sigma := T *m rdiag d d (variance_learnable beta eta_dec eta_enc theta) *m T^T in
  W2 *m K = T *m rdiag d D (lambda_learnable beta eta_dec eta_enc theta) *m Q^T /\
  loss U1 P (- (W2 *m P)) W2 Sigma = value_learnable ln beta eta_dec eta_enc d D theta.
Proof.
move=> TT U1 W2 Sigma.
have WK : W2 *m K = T *m rdiag d D (lambda_learnable beta eta_dec eta_enc theta) *m Q^T.
  rewrite /W2 /K -!mulmxA [Q^T *m (Q *m _)]mulmxA (mulmx1C QQ) mul1mx [rdiag _ _ _ *m (rdiag _ _ _ *m _)]mulmxA rdiag_mul.
  congr (_ *m (_ *m _)); apply/matrixP => i j; rewrite !mxE; case: eqP => // ->; rewrite ltn_ord !mulr1n.
  by have [z|z] := eqVneq (theta j) 0; [rewrite /lambda_learnable z invr0 !mulr0 | rewrite divfK].
split=> //; rewrite /loss (cvae_residual_attained (erefl : A = X *m X^T) PA ln beta eta_dec eta_enc EK) WK.
exact: (vae_learnable_frames lnM beta0 dec0 enc0 QQ QQ theta_pos pad).
Qed.
End Cvae.
