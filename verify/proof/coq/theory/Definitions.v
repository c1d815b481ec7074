(** What every theorem is about, in the notation of arXiv 2306.05023: losses, closed forms, singular values.
    R is any real closed field, ln any function with the two properties of [logarithm].
    Variances are squared scales: Sigma = diag (sigma_1^2, ..., sigma_d^2). *)
From mathcomp Require Import all_ssreflect all_algebra.
Import Order.Theory GRing.Theory Num.Theory.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Section Matrices.
Variable R : rcfType.

(** ||M||^2, the squared Frobenius norm *)
Definition sqnorm m n (M : 'M[R]_(m, n)) : R := \tr (M *m M^T).

Definition orthogonal n (Q : 'M[R]_n) := Q *m Q^T = 1%:M.

(** the rectangular diagonal matrix with f 0, f 1, ... on its diagonal *)
Definition rdiag m n (f : nat -> R) : 'M[R]_(m, n) := \matrix_(i, j) (f i *+ (i == j :> nat)).

(** theta_0 >= theta_1 >= ... >= 0 *)
Definition decreasing (theta : nat -> R) := forall i j, (i <= j)%N -> theta j <= theta i.

(** a sequence that is 0 from n on *)
Definition within n (f : nat -> R) := forall i, (n <= i)%N -> f i = 0.

(** Z = P Theta S^T, theta_0 >= theta_1 >= ... >= 0, padded with zeros: it exists for every Z (SingularValues.v) *)
Definition is_svd D r (Z : 'M[R]_(D, r)) P S (theta : nat -> R) :=
  [/\ orthogonal P /\ orthogonal S, Z = P *m rdiag D r theta *m S^T, decreasing theta, forall i, 0 <= theta i
    & forall i, (D <= i)%N || (r <= i)%N -> theta i = 0].

(** E = Q diag(theta^2) Q^T, likewise *)
Definition is_spectrum D (E Q : 'M[R]_D) (theta : nat -> R) :=
  [/\ orthogonal Q, E = Q *m rdiag D D (fun i => theta i ^+ 2) *m Q^T, decreasing theta, forall i, 0 <= theta i
    & forall i, (D <= i)%N -> theta i = 0].

(** (x)_+ *)
Definition plus (x : R) : R := Num.max 0 x.

Definition posdef n (X : 'M[R]_n) := X^T = X /\ forall v : 'rV[R]_n, v != 0 -> 0 < (v *m X *m v^T) 0 0.
End Matrices.

(** All that is used of the logarithm (RealLogarithm.v: Coq's own has both properties). *)
Definition logarithm (R : rcfType) (ln : R -> R) :=
  (forall x y, 0 < x -> 0 < y -> ln (x * y) = ln x + ln y) /\ (forall x, 0 < x -> x != 1 -> ln x < x - 1).

(** M <= N: v M v^T <= v N v^T for every row v *)
Definition loewner (R : rcfType) n (M N : 'M[R]_n) := forall v : 'rV[R]_n, (v *m M *m v^T) 0 0 <= (v *m N *m v^T) 0 0.

(** sigma_0 <= sigma_1 <= ..., all positive *)
Definition ascending (R : rcfType) (sigma : nat -> R) := (forall i, 0 < sigma i) /\ (forall i j, (i <= j)%N -> sigma i <= sigma j).

Section Losses.
Variables (R : rcfType) (ln : R -> R) (beta eta_dec eta_enc : R).

Definition c := eta_dec / eta_enc.

(** The linear VAE: decoder U, whitened encoder V, encoder variance Sigma, Z = E[y x~^T]. *)
Definition vae_loss D d r (U : 'M[R]_(D, d)) (V : 'M[R]_(d, r)) (Sigma : 'M[R]_d) (Z : 'M[R]_(D, r)) : R :=
  sqnorm (U *m V - Z) + \tr (U *m Sigma *m U^T)
  + beta * c ^+ 2 * (sqnorm V + \tr Sigma) - beta * eta_dec ^+ 2 * ln (\det Sigma).

(** E ||G x + H y||^2 from the second moments A = E[x x^T], B = E[y y^T], C = E[y x^T]. *)
Definition expected_sqnorm m p n (A : 'M[R]_p) (B : 'M[R]_n) (C : 'M[R]_(n, p)) (G : 'M[R]_(m, p)) (H : 'M[R]_(m, n)) : R :=
  \tr (G *m A *m G^T) + \tr (G *m C^T *m H^T) + \tr (H *m C *m G^T) + \tr (H *m B *m H^T).

(** The linear CVAE: encoder mean W1 x + W2 y, decoder mean U1 z + U2 x. *)
Definition cvae_loss D0 D d (A : 'M[R]_D0) (B : 'M[R]_D) (C : 'M[R]_(D, D0))
    (U1 : 'M[R]_(D, d)) (U2 : 'M[R]_(D, D0)) (W1 : 'M[R]_(d, D0)) (W2 : 'M[R]_(d, D)) (Sigma : 'M[R]_d) : R :=
  expected_sqnorm A B C (U1 *m W1 + U2) (U1 *m W2 - 1%:M) + \tr (U1 *m Sigma *m U1^T)
  + beta * c ^+ 2 * (expected_sqnorm A B C W1 W2 + \tr Sigma) - beta * eta_dec ^+ 2 * ln (\det Sigma).

(** ** The published closed forms *)

(** learnable variance (vae-learnable, Theorem 2) *)
Definition omega_learnable (theta : nat -> R) i := Num.sqrt (plus (theta i ^+ 2 - beta * eta_dec ^+ 2)) / eta_enc.
Definition lambda_learnable (theta : nat -> R) i := eta_enc * Num.sqrt (plus (theta i ^+ 2 - beta * eta_dec ^+ 2)) / theta i.
Definition variance_learnable (theta : nat -> R) i :=
  if beta * eta_dec ^+ 2 < theta i ^+ 2 then beta * eta_dec ^+ 2 * eta_enc ^+ 2 / theta i ^+ 2 else eta_enc ^+ 2.

(** the least loss with learnable variance: r modes, of which the d first have a latent coordinate *)
Definition value_learnable (d r : nat) (theta : nat -> R) : R :=
  \sum_(i < r) theta i ^+ 2
  - \sum_(i < r | (i < d)%N) (if beta * eta_dec ^+ 2 < theta i ^+ 2
      then theta i ^+ 2 - beta * eta_dec ^+ 2 - beta * eta_dec ^+ 2 * ln (theta i ^+ 2 / (beta * eta_dec ^+ 2)) else 0)
  + (beta * eta_dec ^+ 2 - beta * eta_dec ^+ 2 * ln (eta_enc ^+ 2)) *+ d.

(** fixed variances sigma_0 <= sigma_1 <= ... (vae-fixed) *)
Definition root_beta_c := Num.sqrt beta * c.
Definition omega_fixed (theta sigma : nat -> R) i :=
  Num.sqrt (root_beta_c * plus (theta i - root_beta_c * sigma i) / sigma i).
Definition lambda_fixed (theta sigma : nat -> R) i :=
  Num.sqrt (sigma i * plus (theta i - root_beta_c * sigma i) / root_beta_c).

(** the least loss with fixed variances, less the terms that do not depend on U, V *)
Definition value_fixed (d r : nat) (theta sigma : nat -> R) : R :=
  \sum_(i < r) theta i ^+ 2 - \sum_(i < r | (i < d)%N) plus (theta i - root_beta_c * sigma i) ^+ 2
  + beta * c ^+ 2 * (\sum_(l < d) sigma l ^+ 2) - beta * eta_dec ^+ 2 * ln (\prod_(l < d) sigma l ^+ 2).
End Losses.

Section MhvaeLoss.
Variables (R : rcfType) (ln : R -> R) (beta_1 beta_2 eta_dec eta_enc : R).

(** The linear MHVAE with two latents: z_1 = V_1 x~ + noise of variance Sigma_1, z_2 = W_2 z_1 + noise of variance Sigma_2;
    decoders U_1 z_1 for the data, U_2 z_2 for z_1. *)
Definition mhvae_loss D d_1 d_2 r (U_1 : 'M[R]_(D, d_1)) (V_1 : 'M[R]_(d_1, r)) (U_2 : 'M[R]_(d_1, d_2)) (W_2 : 'M[R]_(d_2, d_1))
    (Sigma_1 : 'M[R]_d_1) (Sigma_2 : 'M[R]_d_2) (Z : 'M[R]_(D, r)) : R :=
  let R_2 := U_2 *m W_2 - 1%:M in
  sqnorm (U_1 *m V_1 - Z) + \tr (U_1 *m Sigma_1 *m U_1^T)
  + beta_1 * (sqnorm (R_2 *m V_1) + \tr (R_2 *m Sigma_1 *m R_2^T) + \tr (U_2 *m Sigma_2 *m U_2^T))
  + beta_2 * c eta_dec eta_enc ^+ 2 * (sqnorm (W_2 *m V_1) + \tr (W_2 *m Sigma_1 *m W_2^T) + \tr Sigma_2)
  - eta_dec ^+ 2 * (beta_1 * ln (\det Sigma_1) + beta_2 * ln (\det Sigma_2)).
End MhvaeLoss.

(** ** Frames of the MHVAE: what its decoders and encoders are at a minimum. Mode i has the variances q_1, q_2 and the second
    moments s_1 = lambda_1^2 + q_1, s_2 = lambda_2^2 s_1 + q_2. *)
Section MhvaeFrames.
Variables (R : rcfType) (D d_1 d_2 r : nat) (P : 'M[R]_D) (S : 'M[R]_r) (theta s_1 q_1 s_2 q_2 : nat -> R).
Definition lambda_1 i := if (i < d_1)%N then Num.sqrt (s_1 i - q_1 i) else 0.
Definition omega_1 i := theta i * lambda_1 i / s_1 i.
Definition lambda_2 i := if (i < d_1)%N && (i < d_2)%N then Num.sqrt ((s_2 i - q_2 i) / s_1 i) else 0.
Definition omega_2 i := s_1 i * lambda_2 i / s_2 i.
Definition mhvae_frames_loss (loss : 'M[R]_(D, d_1) -> 'M[R]_(d_1, r) -> 'M[R]_(d_1, d_2) -> 'M[R]_(d_2, d_1) -> 'M[R]_d_1 -> 'M[R]_d_2 -> 'M[R]_(D, r) -> R) :=
  loss (P *m rdiag D d_1 omega_1) (rdiag d_1 r lambda_1 *m S^T) (rdiag d_1 d_2 omega_2) (rdiag d_2 d_1 lambda_2)
    (diag_mx (\row_i q_1 i)) (diag_mx (\row_i q_2 i)).
End MhvaeFrames.
