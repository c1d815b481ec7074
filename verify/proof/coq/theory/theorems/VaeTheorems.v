(** The linear VAE: each statement of VaeStatements.v has a proof of exactly that type. *)
From mathcomp Require Import all_ssreflect all_algebra.
From CollapseAudit Require Import Definitions Logarithm Diagonals VaeLearnable VaeFixed Stationary VaeMinimisers VaeFixedMinimisers CvaeMinimisers VaeStatements.
Import Order.Theory GRing.Theory Num.Theory.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Theorem vae_learnable : vae_learnable_statement.
Proof.
move=> R ln [lnM ln_lt] beta eta_dec eta_enc beta0 dec0 enc0 D d r Z P S theta [[PP SS] -> td t0 tp] T TT U V Sigma pS.
rewrite [leLHS](vae_learnable_frames lnM beta0 dec0 enc0 PP SS t0 tp TT).
exact: (vae_learnable_full lnM (strict_le lnM ln_lt) beta0 dec0 enc0 PP SS t0 td tp U V pS).
Qed.

Theorem vae_learnable_bound : vae_learnable_bound_statement.
Proof.
move=> R ln [lnM ln_lt] beta eta_dec eta_enc beta0 dec0 enc0 D d r Z P S theta [[PP SS] -> td t0 tp]; split=> [U V Sigma pS|T TT].
  exact: (vae_learnable_full lnM (strict_le lnM ln_lt) beta0 dec0 enc0 PP SS t0 td tp U V pS).
exact: (vae_learnable_frames lnM beta0 dec0 enc0 PP SS t0 tp TT).
Qed.

Theorem vae_learnable_minimisers : vae_learnable_minimisers_statement.
Proof.
move=> R ln [lnM ln_lt] beta eta_dec eta_enc beta0 dec0 enc0 D d r Z P S theta [[PP SS] ZE td t0 tp] U V q q0 minimal tau.
have m : vae_loss ln beta eta_dec eta_enc U V (diag_mx q) Z <= value_learnable ln beta eta_dec eta_enc d r theta.
  rewrite -(vae_learnable_frames lnM beta0 dec0 enc0 PP SS t0 tp (T := 1%:M)) /orthogonal ?trmx1 ?mulmx1 // -ZE mul1mx.
  rewrite -(rdiag_diag d) [rdiag d r _]lock mul1mx -lock; apply: minimal => j; rewrite mxE /variance_learnable; case: ifP => [wt|_]; last by rewrite exprn_gt0.
  have w0 : 0 < beta * eta_dec ^+ 2 by rewrite mulr_gt0 ?exprn_gt0.
  by apply: divr_gt0; [apply: mulr_gt0 => //; rewrite exprn_gt0 | apply: lt_trans w0 wt].
rewrite ZE in m *; have enc := minimiser_encoder_orthogonal lnM ln_lt beta0 dec0 enc0 PP SS t0 td tp q0 m; split.
- split=> [i j|i j ij]; first exact: (minimiser_decoder_orthogonal lnM ln_lt beta0 dec0 enc0 PP SS t0 td tp q0 m).
  by rewrite enc (negbTE ij).
- split; [exact: (minimiser_singular_vectors lnM ln_lt beta0 dec0 enc0 PP SS t0 td tp q0 m)
         | exact: (minimiser_right_singular_vectors lnM ln_lt beta0 dec0 enc0 PP SS t0 td tp q0 m)].
- move=> j; split; first by rewrite enc eqxx.
  exact: (minimiser_variance lnM ln_lt beta0 dec0 enc0 PP SS t0 td tp q0 m).
- exact: (minimiser_collapsed lnM ln_lt beta0 dec0 enc0 PP SS t0 td tp q0 m).
- move=> p; rewrite -(minimiser_spectrum lnM ln_lt beta0 dec0 enc0 PP SS t0 td tp q0 m p); apply: eq_card => j.
  by rewrite !inE [tau 0 j]mxE.
Qed.

Theorem vae_fixed : vae_fixed_statement.
Proof.
move=> R ln beta eta_dec eta_enc beta0 dec0 enc0 D d r Z P S theta [[PP SS] -> td t0 tp] sigma T [s0 si] TT Sigma U V.
rewrite [leLHS](vae_fixed_frames ln beta0 dec0 enc0 PP SS tp s0 TT).
exact: (vae_fixed_minimum ln beta0 dec0 enc0 PP SS t0 td tp s0 si U V TT).
Qed.

Theorem vae_fixed_distinct_zero_columns : vae_fixed_distinct_zero_columns_statement.
Proof.
move=> R ln beta eta_dec eta_enc beta0 dec0 enc0 D d r Z P S theta [[PP SS] ZE td t0 tp] sigma s0 si Sigma U V minimal.
rewrite /Sigma ZE in minimal; split=> [i j|j].
  exact: (distinct_decoder_orthogonal beta0 dec0 enc0 s0 si minimal).
exact: (distinct_zero_columns beta0 dec0 enc0 PP SS t0 td tp s0 si minimal).
Qed.

Theorem vae_fixed_isotropic_rotation : vae_fixed_isotropic_rotation_statement.
Proof. by move=> *; apply: isotropic_rotation. Qed.
