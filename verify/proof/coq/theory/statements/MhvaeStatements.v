(** What is claimed of the linear MHVAE with two latents, over Coq's own reals, for every data matrix Z. The closed forms are those of
    Mhvae.v, mode by mode those of TopModes.v, FixedModes.v and BottomModes.v; N is any number of modes, at least all the dimensions. *)
From Coq Require Import Reals.
From mathcomp Require Import all_ssreflect all_algebra Rstruct.
From CollapseAudit Require Import Definitions Mhvae.
Import Order.Theory GRing.Theory Num.Theory.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Local Open Scope ring_scope.
Notation R := R_rcfType.

(** mhvae-learnable-top, Theorem 3: Sigma_1 = sigma_1^2 I fixed, Sigma_2 any positive diagonal. *)
Definition mhvae_learnable_top_statement : Prop :=
  forall beta_1 beta_2 eta_dec eta_enc sigma_1 : R, 0 < beta_1 -> 0 < beta_2 -> 0 < eta_dec -> 0 < eta_enc -> 0 < sigma_1 ->
  forall (D r d_1 d_2 N : nat) (Z : 'M[R]_(D, r)) P S theta, is_svd Z P S theta ->
  (D <= N)%N -> (r <= N)%N -> (d_1 <= N)%N -> (d_2 <= N)%N ->
  let loss := @mhvae_loss R Rpower.ln beta_1 beta_2 eta_dec eta_enc D d_1 d_2 r in
  let minimum := \sum_(i < N) top_optimum beta_1 beta_2 eta_dec eta_enc d_1 d_2 theta sigma_1 i in
  (forall U_1 V_1 U_2 W_2 (q_2 : 'rV_d_2), (forall j, 0 < q_2 0 j) ->
    minimum <= loss U_1 V_1 U_2 W_2 (sigma_1 ^+ 2)%:M (diag_mx q_2) Z) /\
  mhvae_frames_loss P S theta (top_s_1 beta_1 beta_2 eta_dec d_2 theta sigma_1) (fun=> sigma_1 ^+ 2) (fun=> eta_enc ^+ 2)
    (top_q_2 beta_1 beta_2 eta_dec eta_enc d_1 theta sigma_1) loss Z = minimum.

(** mhvae-fixed, Theorem 5: both variances fixed and isotropic. *)
Definition mhvae_fixed_statement : Prop :=
  forall beta_1 beta_2 eta_dec eta_enc sigma_1 sigma_2 : R,
  0 < beta_1 -> 0 < beta_2 -> 0 < eta_dec -> 0 < eta_enc -> 0 < sigma_1 -> 0 < sigma_2 ->
  forall (D r d_1 d_2 N : nat) (Z : 'M[R]_(D, r)) P S theta, is_svd Z P S theta ->
  (D <= N)%N -> (r <= N)%N -> (d_1 <= N)%N -> (d_2 <= N)%N ->
  let loss := @mhvae_loss R Rpower.ln beta_1 beta_2 eta_dec eta_enc D d_1 d_2 r in
  let minimum := \sum_(i < N) fixed_optimum beta_1 beta_2 eta_dec eta_enc d_1 d_2 theta sigma_1 sigma_2 i in
  (forall U_1 V_1 U_2 W_2, minimum <= loss U_1 V_1 U_2 W_2 (sigma_1 ^+ 2)%:M (sigma_2 ^+ 2)%:M Z) /\
  mhvae_frames_loss P S theta (fixed_s_1 beta_1 beta_2 eta_dec eta_enc d_2 theta sigma_1 sigma_2) (fun=> sigma_1 ^+ 2)
    (fixed_s_2 beta_1 beta_2 eta_dec eta_enc d_1 theta sigma_1 sigma_2) (fun=> sigma_2 ^+ 2) loss Z = minimum.

(** mhvae-learnable-bottom: Sigma_1 any positive diagonal, Sigma_2 = sigma_2^2 I fixed. *)
Definition mhvae_learnable_bottom_statement : Prop :=
  forall beta_1 beta_2 eta_dec eta_enc sigma_2 : R, 0 < beta_1 -> 0 < beta_2 -> 0 < eta_dec -> 0 < eta_enc -> 0 < sigma_2 ->
  forall (D r d_1 d_2 N : nat) (Z : 'M[R]_(D, r)) P S theta, is_svd Z P S theta ->
  (D <= N)%N -> (r <= N)%N -> (d_1 <= N)%N -> (d_2 <= N)%N ->
  let loss := @mhvae_loss R Rpower.ln beta_1 beta_2 eta_dec eta_enc D d_1 d_2 r in
  let minimum := \sum_(i < N) bottom_optimum beta_1 beta_2 eta_dec eta_enc d_1 d_2 theta sigma_2 i in
  (forall U_1 V_1 U_2 W_2 (q_1 : 'rV_d_1), (forall j, 0 < q_1 0 j) ->
    minimum <= loss U_1 V_1 U_2 W_2 (diag_mx q_1) (sigma_2 ^+ 2)%:M Z) /\
  mhvae_frames_loss P S theta (bottom_s_1 beta_1 beta_2 eta_dec eta_enc d_2 sigma_2) (bottom_q_1 beta_1 beta_2 eta_dec eta_enc d_2 theta sigma_2)
    (bottom_s_2 beta_1 beta_2 eta_enc d_1 sigma_2) (fun=> sigma_2 ^+ 2) loss Z = minimum.

(** Coq's own logarithm is one: a theorem over any real closed field with a logarithm says as much of the real numbers. *)
Definition real_logarithm_statement : Prop := @logarithm R Rpower.ln.
