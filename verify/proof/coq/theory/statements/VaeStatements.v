(** What is claimed of the linear VAE, one statement per theorem, to be held against the paper (arXiv 2306.05023) and the catalogue.
    The definitions are those of Definitions.v; VaeTheorems.v proves each statement. *)
From mathcomp Require Import all_ssreflect all_algebra.
From CollapseAudit Require Import Definitions.
Import Order.Theory GRing.Theory Num.Theory.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

(** vae-learnable: the typed frames are a global minimum, T any orthogonal matrix, over all decoders, encoders and full variances. *)
Definition vae_learnable_statement : Prop :=
  forall (R : rcfType) (ln : R -> R), logarithm ln ->
  forall beta eta_dec eta_enc : R, 0 < beta -> 0 < eta_dec -> 0 < eta_enc ->
  forall (D d r : nat) (Z : 'M[R]_(D, r)) P S theta, is_svd Z P S theta ->
  forall T : 'M[R]_d, orthogonal T ->
  forall (U : 'M[R]_(D, d)) (V : 'M[R]_(d, r)) Sigma, posdef Sigma ->
  vae_loss ln beta eta_dec eta_enc (P *m rdiag D d (omega_learnable beta eta_dec eta_enc theta) *m T^T)
    (T *m rdiag d r (lambda_learnable beta eta_dec eta_enc theta) *m S^T)
    (T *m rdiag d d (variance_learnable beta eta_dec eta_enc theta) *m T^T) Z
  <= vae_loss ln beta eta_dec eta_enc U V Sigma Z.

(** vae-learnable-bound: no decoder, encoder and variance have a loss below the closed form, and the typed frames have that loss. *)
Definition vae_learnable_bound_statement : Prop :=
  forall (R : rcfType) (ln : R -> R), logarithm ln ->
  forall beta eta_dec eta_enc : R, 0 < beta -> 0 < eta_dec -> 0 < eta_enc ->
  forall (D d r : nat) (Z : 'M[R]_(D, r)) P S theta, is_svd Z P S theta ->
  (forall (U : 'M[R]_(D, d)) (V : 'M[R]_(d, r)) Sigma, posdef Sigma ->
    value_learnable ln beta eta_dec eta_enc d r theta <= vae_loss ln beta eta_dec eta_enc U V Sigma Z) /\
  (forall T : 'M[R]_d, orthogonal T ->
    vae_loss ln beta eta_dec eta_enc (P *m rdiag D d (omega_learnable beta eta_dec eta_enc theta) *m T^T)
      (T *m rdiag d r (lambda_learnable beta eta_dec eta_enc theta) *m S^T)
      (T *m rdiag d d (variance_learnable beta eta_dec eta_enc theta) *m T^T) Z
    = value_learnable ln beta eta_dec eta_enc d r theta).

(** vae-learnable, every minimiser over diagonal variances. u_j are the columns of U, v_j the rows of V;
    tau_j = beta eta_dec^2 + eta_enc^2 |u_j|^2 is the theta^2 of coordinate j. *)
Definition vae_learnable_minimisers_statement : Prop :=
  forall (R : rcfType) (ln : R -> R), logarithm ln ->
  forall beta eta_dec eta_enc : R, 0 < beta -> 0 < eta_dec -> 0 < eta_enc ->
  forall (D d r : nat) (Z : 'M[R]_(D, r)) P S theta, is_svd Z P S theta ->
  forall (U : 'M[R]_(D, d)) (V : 'M[R]_(d, r)) (q : 'rV[R]_d), (forall j, 0 < q 0 j) ->
  (forall U' V' (q' : 'rV[R]_d), (forall j, 0 < q' 0 j) ->
    vae_loss ln beta eta_dec eta_enc U V (diag_mx q) Z <= vae_loss ln beta eta_dec eta_enc U' V' (diag_mx q') Z) ->
  let tau := \row_j (beta * eta_dec ^+ 2 + eta_enc ^+ 2 * (U^T *m U) j j) in
  [/\ (* columns of U and rows of V are orthogonal *)
      (forall i j, i != j -> (U^T *m U) i j = 0) /\ (forall i j, i != j -> (V *m V^T) i j = 0),
      (* and singular vectors of Z, left and right *)
      U^T *m (Z *m Z^T) = diag_mx tau *m U^T /\ V *m (Z^T *m Z) = diag_mx tau *m V,
      (* |v_j|^2 and sigma_j^2 *)
      forall j, (V *m V^T) j j = eta_enc ^+ 4 * (U^T *m U) j j / tau 0 j /\
                q 0 j = beta * eta_dec ^+ 2 / ((U^T *m U) j j + beta * c eta_dec eta_enc ^+ 2),
      (* a zero column is prior-collapsed *)
      forall j, (U^T *m U) j j = 0 -> [/\ forall i, U i j = 0, forall i, V j i = 0 & q 0 j = eta_enc ^+ 2]
    & (* the active coordinates carry, with multiplicity, the theta_i^2 above the threshold with i < d *)
      forall p : pred R, #|[set j | ((U^T *m U) j j != 0) && p (tau 0 j)]|
        = #|[set i : 'I_D | [&& (i < d)%N, beta * eta_dec ^+ 2 < theta i ^+ 2 & p (theta i ^+ 2)]]|].

(** vae-fixed: Sigma = T diag(sigma^2) T^T fixed, sigma ascending, ties allowed; the largest theta meets the smallest sigma. *)
Definition vae_fixed_statement : Prop :=
  forall (R : rcfType) (ln : R -> R) (beta eta_dec eta_enc : R), 0 < beta -> 0 < eta_dec -> 0 < eta_enc ->
  forall (D d r : nat) (Z : 'M[R]_(D, r)) P S theta, is_svd Z P S theta ->
  forall (sigma : nat -> R) (T : 'M[R]_d), ascending sigma -> orthogonal T ->
  let Sigma := T *m rdiag d d (fun l => sigma l ^+ 2) *m T^T in
  forall (U : 'M[R]_(D, d)) (V : 'M[R]_(d, r)),
  vae_loss ln beta eta_dec eta_enc (P *m rdiag D d (omega_fixed beta eta_dec eta_enc theta sigma) *m T^T)
    (T *m rdiag d r (lambda_fixed beta eta_dec eta_enc theta sigma) *m S^T) Sigma Z
  <= vae_loss ln beta eta_dec eta_enc U V Sigma Z.

(** vae-fixed-distinct-zero-columns: distinct variances; at every minimiser the columns of U are orthogonal, and column j is zero
    iff theta_j <= sqrt(beta) c sigma_j. *)
Definition vae_fixed_distinct_zero_columns_statement : Prop :=
  forall (R : rcfType) (ln : R -> R) (beta eta_dec eta_enc : R), 0 < beta -> 0 < eta_dec -> 0 < eta_enc ->
  forall (D d r : nat) (Z : 'M[R]_(D, r)) P S theta, is_svd Z P S theta ->
  forall sigma : nat -> R, (forall i, 0 < sigma i) -> (forall i j, (i < j)%N -> sigma i < sigma j) ->
  let Sigma := diag_mx (\row_(l < d) sigma l ^+ 2) in
  forall (U : 'M[R]_(D, d)) (V : 'M[R]_(d, r)),
  (forall U' V', vae_loss ln beta eta_dec eta_enc U V Sigma Z <= vae_loss ln beta eta_dec eta_enc U' V' Sigma Z) ->
  (forall i j, i != j -> (U^T *m U) i j = 0) /\
  (forall j : 'I_d, (forall i, U i j = 0) <-> theta j <= root_beta_c beta eta_dec eta_enc * sigma j).

(** vae-fixed-isotropic-rotation: with Sigma = s I the loss does not see rotations of the latents. *)
Definition vae_fixed_isotropic_rotation_statement : Prop :=
  forall (R : rcfType) (ln : R -> R) (beta eta_dec eta_enc : R) (D d r : nat) (Z : 'M[R]_(D, r)) (T : 'M[R]_d)
    (U : 'M[R]_(D, d)) (V : 'M[R]_(d, r)) (s : R), orthogonal T ->
  vae_loss ln beta eta_dec eta_enc (U *m T^T) (T *m V) s%:M Z = vae_loss ln beta eta_dec eta_enc U V s%:M Z.
