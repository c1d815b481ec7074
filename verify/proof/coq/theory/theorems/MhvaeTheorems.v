(** The linear MHVAE: each statement of MhvaeStatements.v has a proof of exactly that type. *)
From Coq Require Import Reals.
From mathcomp Require Import all_ssreflect all_algebra Rstruct.
From CollapseAudit Require Import Definitions RealLogarithm Mhvae MhvaeStatements.

Theorem mhvae_learnable_top : mhvae_learnable_top_statement.
Proof. by move=> beta_1 beta_2 eta_dec eta_enc sigma_1 B1 B2 Hd He S1 D r d_1 d_2 N Z P S theta H *; apply: (mhvae_top B1 B2 Hd He H). Qed.

Theorem mhvae_fixed : mhvae_fixed_statement.
Proof.
by move=> beta_1 beta_2 eta_dec eta_enc sigma_1 sigma_2 B1 B2 Hd He S1 S2 D r d_1 d_2 N Z P S theta H *; apply: (mhvae_both_fixed B1 B2 Hd He H).
Qed.

Theorem mhvae_learnable_bottom : mhvae_learnable_bottom_statement.
Proof. by move=> beta_1 beta_2 eta_dec eta_enc sigma_2 B1 B2 Hd He S2 D r d_1 d_2 N Z P S theta H *; apply: (mhvae_bottom B1 B2 Hd He H). Qed.

Theorem real_logarithm : real_logarithm_statement.
Proof. by split; [exact: lnM_R | exact: ln_lt_R]. Qed.
