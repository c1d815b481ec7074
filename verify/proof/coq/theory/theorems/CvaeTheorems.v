(** The linear CVAE: each statement of CvaeStatements.v has a proof of exactly that type. *)
From mathcomp Require Import all_ssreflect all_algebra.
From CollapseAudit Require Import Definitions Logarithm Diagonals Residual Weyl VaeLearnable CvaeLearnable CvaeFixed CvaeMinimisers CvaeStatements.
Import Order.Theory GRing.Theory Num.Theory.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Theorem cvae_residual_reduction : cvae_residual_reduction_statement.
Proof.
move=> R ln beta eta_dec eta_enc beta0 D0 D N d X Y G GA K EK U1 W2 Sigma loss; split=> [|U2 W1].
  exact: (cvae_residual_attained (erefl : X *m X^T = X *m X^T) GA ln beta eta_dec eta_enc EK).
exact: (cvae_residual_bound (erefl : X *m X^T = X *m X^T) GA ln eta_dec eta_enc beta0 EK).
Qed.

Theorem normal_equations_solvable : normal_equations_solvable_statement.
Proof. by move=> *; apply: normal_equations. Qed.

Theorem cvae_learnable : cvae_learnable_statement.
Proof.
move=> R ln [lnM ln_lt] beta eta_dec eta_enc b0 d0 e0 D0 D N d X Y G GA Q theta [QQ EQ td t0 tp] T TT loss W2' U1 U2 W1 W2 q q0.
have [_ F] := cvae_learnable_frames lnM b0 d0 e0 GA QQ t0 tp EQ TT; rewrite [leLHS]F.
exact: (cvae_learnable_minimum lnM (strict_le lnM ln_lt) b0 d0 e0 GA QQ t0 td tp EQ).
Qed.

Theorem cvae_learnable_minimisers : cvae_learnable_minimisers_statement.
Proof.
move=> R ln [lnM ln_lt] beta eta_dec eta_enc b0 d0 e0 D0 D N d X Y G GA Q theta [QQ EQ td t0 tp] K loss U1 U2 W1 W2 q q0 minimal.
have ln_le := strict_le lnM ln_lt; have w0 : 0 < beta * eta_dec ^+ 2 by rewrite mulr_gt0 ?exprn_gt0.
have le : loss U1 U2 W1 W2 (diag_mx q) <= value_learnable ln beta eta_dec eta_enc d D theta.
  have TT : orthogonal (1%:M : 'M[R]_d) by rewrite /orthogonal trmx1 mulmx1.
  have SE : 1%:M *m rdiag d d (variance_learnable beta eta_dec eta_enc theta) *m 1%:M^T
    = diag_mx (\row_j variance_learnable beta eta_dec eta_enc theta j) by rewrite mul1mx trmx1 mulmx1 rdiag_diag.
  have [_ F] := cvae_learnable_frames lnM b0 d0 e0 GA QQ t0 tp EQ TT; rewrite SE in F; rewrite -[leRHS]F; apply: minimal => j.
  rewrite mxE /variance_learnable; case: ifP => [wt|_]; last by rewrite exprn_gt0.
  by apply: divr_gt0; [apply: mulr_gt0 => //; rewrite exprn_gt0 | apply: lt_trans w0 wt].
have [z1 z2 u low] := cvae_minimisers lnM ln_le b0 d0 e0 GA QQ t0 td tp EQ q0 le; split=> // U V q' q'0.
apply: le_trans low _; have pad i : (D <= i)%N || (D <= i)%N -> theta i = 0 by rewrite orbb; apply: tp.
exact: (vae_learnable_minimum lnM ln_le b0 d0 e0 QQ QQ t0 td pad).
Qed.

Theorem cvae_fixed : cvae_fixed_statement.
Proof.
move=> R ln beta eta_dec eta_enc b0 d0 e0 D0 D N d X Y G GA Q theta [QQ EQ td t0 tp] sigma T [s0 si] TT loss Sigma W2' U1 U2 W1 W2.
have [_ F] := cvae_fixed_frames ln b0 d0 e0 GA QQ tp EQ s0 TT; rewrite [leLHS]F.
exact: (cvae_fixed_minimum ln b0 d0 e0 GA QQ t0 td tp EQ s0 si TT).
Qed.

Theorem cvae_correlation : cvae_correlation_statement.
Proof. by move=> R D B G rho BT GB; rewrite -[LHS]/(residual B (rho *: B) G); apply: residual_correlation. Qed.

Theorem cvae_more_conditioning : cvae_more_conditioning_statement.
Proof.
move=> R D D0 D1 N X X1 Y G G' GX GX' Q Q' theta theta' [QQ EQ td t0 _] [QQ' EQ' td' t0' _].
exact: (more_conditioning GX GX' QQ EQ t0 td QQ' EQ' t0' td').
Qed.
