(** Coq's own real numbers and logarithm have the two properties that the theorems ask of a logarithm. *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra Rstruct.
From CollapseAudit Require Monomials.
Import Order.Theory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Lemma lnM_R (x y : R_rcfType) : 0 < x -> 0 < y -> Rpower.ln (x * y) = Rpower.ln x + Rpower.ln y.
Proof. by move=> /RltP Hx /RltP Hy; rewrite Rpower.ln_mult. Qed.

Lemma ln_lt_R (x : R_rcfType) : 0 < x -> x != 1 -> Rpower.ln x < x - 1.
Proof.
move=> /RltP Hx /eqP x1; apply/RltP.
have l0 : Rpower.ln x <> R0 by move=> e; apply: x1; apply: ln_inv => //; [exact: Rlt_0_1 | rewrite ln_1].
have := exp_ineq1 (Rpower.ln x) l0; rewrite exp_ln //.
change (x - 1) with (Rminus x 1); change (1 : R_rcfType) with R1; lra.
Qed.

Lemma ln_le_R (x : R_rcfType) : 0 < x -> Rpower.ln x <= x - 1.
Proof.
move=> /RltP Hx; apply/RleP; have := Monomials.gap_ge0 x Hx; rewrite /Monomials.gap.
change (x - 1) with (Rminus x 1); lra.
Qed.

