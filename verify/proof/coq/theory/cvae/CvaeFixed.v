(** cvae-fixed: the typed frames of the CVAE with fixed variance are a global minimum. E = Q diag(theta^2) Q^T is the residual's moment,
    sigma_0 <= sigma_1 <= ... *)
From mathcomp Require Import all_ssreflect all_algebra ring.
From CollapseAudit Require Import Definitions Diagonals Gain Residual VaeFixed CvaeLearnable.
Import Order.Theory GRing.Theory Num.Theory.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Section CvaeFixed.
Variables (R : rcfType) (ln : R -> R) (beta eta_dec eta_enc : R).
Hypotheses (beta0 : 0 < beta) (dec0 : 0 < eta_dec) (enc0 : 0 < eta_enc).
Variables (D0 D N : nat) (X : 'M[R]_(D0, N)) (Y : 'M[R]_(D, N)).
Let A := X *m X^T.
Let B := Y *m Y^T.
Let C := Y *m X^T.
(** P = C A^-1 when A is invertible (lemma invertible of Cvae.v); any solution of the normal equations, which always exists, otherwise *)
Variable P : 'M[R]_(D, D0).
Hypothesis PA : P *m A = C.
Let E := B - P *m C^T.
Variables (Q : 'M[R]_D) (theta sigma : nat -> R).
Hypothesis QQ : orthogonal Q.
Hypothesis theta_pos : forall i, 0 <= theta i.
Hypothesis theta_dec : decreasing theta.
Hypothesis theta_pad : forall i, (D <= i)%N -> theta i = 0.
Hypothesis EQ : E = Q *m rdiag D D (fun i => theta i ^+ 2) *m Q^T.
Hypothesis sigma_pos : forall i, 0 < sigma i.
Hypothesis sigma_inc : forall i j, (i <= j)%N -> sigma i <= sigma j.

Variables (d : nat) (T : 'M[R]_d).
Hypothesis TT : orthogonal T.
Let Sigma := T *m rdiag d d (fun l => sigma l ^+ 2) *m T^T.
Let loss := @cvae_loss R ln beta eta_dec eta_enc D0 D d A B C.
Let K := Q *m rdiag D D theta *m Q^T.
Let EK : residual B C P = K *m K^T. Proof. exact: root_moment QQ EQ. Qed.
Let pad i : (D <= i)%N || (D <= i)%N -> theta i = 0. Proof. by rewrite orbb; apply: theta_pad. Qed.

Theorem cvae_fixed_minimum (U1 : 'M[R]_(D, d)) U2 W1 (W2 : 'M[R]_(d, D)) :
  value_fixed ln beta eta_dec eta_enc d D theta sigma <= loss U1 U2 W1 W2 Sigma.
Proof.
apply: le_trans (cvae_residual_bound (erefl : A = X *m X^T) PA ln eta_dec eta_enc beta0 EK U1 U2 W1 W2 Sigma).
exact: (vae_fixed_minimum ln beta0 dec0 enc0 QQ QQ theta_pos theta_dec pad sigma_pos sigma_inc).
Qed.

Theorem cvae_fixed_frames :
  let U1 := Q *m rdiag D d (omega_fixed beta eta_dec eta_enc theta sigma) *m T^T in
  let W2 := T *m rdiag d D (fun i => lambda_fixed beta eta_dec eta_enc theta sigma i / theta i) *m Q^T in
  W2 *m K = T *m rdiag d D (lambda_fixed beta eta_dec eta_enc theta sigma) *m Q^T /\
  loss U1 P (- (W2 *m P)) W2 Sigma = value_fixed ln beta eta_dec eta_enc d D theta sigma.
Proof.
move=> U1 W2.
have WK : W2 *m K = T *m rdiag d D (lambda_fixed beta eta_dec eta_enc theta sigma) *m Q^T.
  rewrite /W2 /K -!mulmxA [Q^T *m (Q *m _)]mulmxA (mulmx1C QQ) mul1mx [rdiag _ _ _ *m (rdiag _ _ _ *m _)]mulmxA rdiag_mul.
  congr (_ *m (_ *m _)); apply/matrixP => i j; rewrite !mxE; case: eqP => // ->; rewrite ltn_ord !mulr1n.
  have [z|z] := eqVneq (theta j) 0; last by rewrite divfK.
  rewrite z mulr0 /lambda_fixed z sub0r plus_neg ?mulr0 ?mul0r ?sqrtr0 // oppr_le0 mulr_ge0 ?(ltW (sigma_pos j)) //.
  by rewrite mulr_ge0 ?sqrtr_ge0 ?divr_ge0 ?ltW.
split=> //; rewrite /loss (cvae_residual_attained (erefl : A = X *m X^T) PA ln beta eta_dec eta_enc EK) WK.
exact: (vae_fixed_frames ln beta0 dec0 enc0 QQ QQ pad sigma_pos).
Qed.
End CvaeFixed.
