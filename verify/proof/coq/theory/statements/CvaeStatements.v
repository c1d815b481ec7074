(** What is claimed of the linear CVAE. X, Y are any data, one column per sample with its weight absorbed: A = X X^T = E[x x^T],
    B = Y Y^T = E[y y^T], C = Y X^T = E[y x^T], so A may be singular. G solves the normal equations G A = C: G = C A^-1 where A is
    invertible, and a solution always exists. B - G C^T is the moment of the residual y - G x. *)
From mathcomp Require Import all_ssreflect all_algebra.
From CollapseAudit Require Import Definitions.
Import Order.Theory GRing.Theory Num.Theory.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

(** cvae-residual-reduction: the least CVAE loss over U2, W1 is the VAE loss of the residual, at U2 = G, W1 = - W2 G. *)
Definition cvae_residual_reduction_statement : Prop :=
  forall (R : rcfType) (ln : R -> R) (beta eta_dec eta_enc : R), 0 < beta ->
  forall (D0 D N d : nat) (X : 'M[R]_(D0, N)) (Y : 'M[R]_(D, N)) (G : 'M[R]_(D, D0)), G *m (X *m X^T) = Y *m X^T ->
  forall (K : 'M[R]_D), Y *m Y^T - G *m (Y *m X^T)^T = K *m K^T ->
  forall (U1 : 'M[R]_(D, d)) (W2 : 'M[R]_(d, D)) (Sigma : 'M[R]_d),
  let loss := cvae_loss ln beta eta_dec eta_enc (X *m X^T) (Y *m Y^T) (Y *m X^T) (d := d) in
  loss U1 G (- (W2 *m G)) W2 Sigma = vae_loss ln beta eta_dec eta_enc U1 (W2 *m K) Sigma K /\
  forall U2 W1, vae_loss ln beta eta_dec eta_enc U1 (W2 *m K) Sigma K <= loss U1 U2 W1 W2 Sigma.

(** The normal equations always have a solution. *)
Definition normal_equations_solvable_statement : Prop :=
  forall (R : rcfType) (D0 D N : nat) (X : 'M[R]_(D0, N)) (Y : 'M[R]_(D, N)), exists G, G *m (X *m X^T) = Y *m X^T.

(** cvae-learnable, Theorem 2: the typed frames are a global minimum. *)
Definition cvae_learnable_statement : Prop :=
  forall (R : rcfType) (ln : R -> R), logarithm ln ->
  forall beta eta_dec eta_enc : R, 0 < beta -> 0 < eta_dec -> 0 < eta_enc ->
  forall (D0 D N d : nat) (X : 'M[R]_(D0, N)) (Y : 'M[R]_(D, N)) (G : 'M[R]_(D, D0)), G *m (X *m X^T) = Y *m X^T ->
  forall (Q : 'M[R]_D) theta, is_spectrum (Y *m Y^T - G *m (Y *m X^T)^T) Q theta ->
  forall T : 'M[R]_d, orthogonal T ->
  let loss := cvae_loss ln beta eta_dec eta_enc (X *m X^T) (Y *m Y^T) (Y *m X^T) (d := d) in
  let W2' := T *m rdiag d D (fun i => lambda_learnable beta eta_dec eta_enc theta i / theta i) *m Q^T in
  forall U1 U2 W1 W2 (q : 'rV[R]_d), (forall j, 0 < q 0 j) ->
  loss (Q *m rdiag D d (omega_learnable beta eta_dec eta_enc theta) *m T^T) G (- (W2' *m G)) W2'
    (T *m rdiag d d (variance_learnable beta eta_dec eta_enc theta) *m T^T)
  <= loss U1 U2 W1 W2 (diag_mx q).

(** cvae-learnable, every minimiser: W1 = - W2 G and U2 = G on the range of A, and what is left minimises the residual's VAE, of which
    vae_learnable_minimisers says everything. *)
Definition cvae_learnable_minimisers_statement : Prop :=
  forall (R : rcfType) (ln : R -> R), logarithm ln ->
  forall beta eta_dec eta_enc : R, 0 < beta -> 0 < eta_dec -> 0 < eta_enc ->
  forall (D0 D N d : nat) (X : 'M[R]_(D0, N)) (Y : 'M[R]_(D, N)) (G : 'M[R]_(D, D0)), G *m (X *m X^T) = Y *m X^T ->
  forall (Q : 'M[R]_D) theta, is_spectrum (Y *m Y^T - G *m (Y *m X^T)^T) Q theta ->
  let K := Q *m rdiag D D theta *m Q^T in
  let loss := cvae_loss ln beta eta_dec eta_enc (X *m X^T) (Y *m Y^T) (Y *m X^T) (d := d) in
  forall U1 U2 W1 W2 (q : 'rV[R]_d), (forall j, 0 < q 0 j) ->
  (forall U1' U2' W1' W2' (q' : 'rV[R]_d), (forall j, 0 < q' 0 j) ->
    loss U1 U2 W1 W2 (diag_mx q) <= loss U1' U2' W1' W2' (diag_mx q')) ->
  [/\ (W1 + W2 *m G) *m (X *m X^T) = 0, (U2 - G) *m (X *m X^T) = 0,
      X *m X^T \in unitmx -> W1 = - (W2 *m G) /\ U2 = G
    & forall U V (q' : 'rV[R]_d), (forall j, 0 < q' 0 j) ->
      vae_loss ln beta eta_dec eta_enc U1 (W2 *m K) (diag_mx q) K <= vae_loss ln beta eta_dec eta_enc U V (diag_mx q') K].

(** cvae-fixed *)
Definition cvae_fixed_statement : Prop :=
  forall (R : rcfType) (ln : R -> R) (beta eta_dec eta_enc : R), 0 < beta -> 0 < eta_dec -> 0 < eta_enc ->
  forall (D0 D N d : nat) (X : 'M[R]_(D0, N)) (Y : 'M[R]_(D, N)) (G : 'M[R]_(D, D0)), G *m (X *m X^T) = Y *m X^T ->
  forall (Q : 'M[R]_D) theta, is_spectrum (Y *m Y^T - G *m (Y *m X^T)^T) Q theta ->
  forall (sigma : nat -> R) (T : 'M[R]_d), ascending sigma -> orthogonal T ->
  let loss := cvae_loss ln beta eta_dec eta_enc (X *m X^T) (Y *m Y^T) (Y *m X^T) (d := d) in
  let Sigma := T *m rdiag d d (fun l => sigma l ^+ 2) *m T^T in
  let W2' := T *m rdiag d D (fun i => lambda_fixed beta eta_dec eta_enc theta sigma i / theta i) *m Q^T in
  forall U1 U2 W1 W2,
  loss (Q *m rdiag D d (omega_fixed beta eta_dec eta_enc theta sigma) *m T^T) G (- (W2' *m G)) W2' Sigma <= loss U1 U2 W1 W2 Sigma.

(** cvae-correlation: x = rho y + sqrt(1 - rho^2) n with E[n n^T] = B and E[y n^T] = 0, so A = B and C = rho B: the residual's moment
    is (1 - rho^2) B. *)
Definition cvae_correlation_statement : Prop :=
  forall (R : rcfType) (D : nat) (B G : 'M[R]_D) (rho : R), B^T = B -> G *m B = rho *: B ->
  B - G *m (rho *: B)^T = (1 - rho ^+ 2) *: B.

(** cvae-more-conditioning: appending inputs X1 never increases a theta_i, so never revives a latent. *)
Definition cvae_more_conditioning_statement : Prop :=
  forall (R : rcfType) (D D0 D1 N : nat) (X : 'M[R]_(D0, N)) (X1 : 'M[R]_(D1, N)) (Y : 'M[R]_(D, N)) G G',
  G *m (X *m X^T) = Y *m X^T -> G' *m (col_mx X X1 *m (col_mx X X1)^T) = Y *m (col_mx X X1)^T ->
  forall Q Q' theta theta', is_spectrum (Y *m Y^T - G *m (Y *m X^T)^T) Q theta ->
  is_spectrum (Y *m Y^T - G' *m (Y *m (col_mx X X1)^T)^T) Q' theta' ->
  (forall i : 'I_D, theta' i <= theta i) /\
  (forall x : R, leq #|[set i : 'I_D | x < theta' i ^+ 2]| #|[set i : 'I_D | x < theta i ^+ 2]|).
