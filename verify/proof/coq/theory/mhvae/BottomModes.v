(** mhvae-learnable-bottom, one mode: Sigma_1 learnable, Sigma_2 = sigma_2^2 I fixed. The closed-form optimum of every mode,
    theta >= 0, bottlenecks included (a mode that a narrower first level cuts is FixedModes.v's [above]). *)
From Coq Require Import Reals Lra.
From CollapseAudit Require Import Monomials ModeBounds.
Open Scope R_scope.

Section Modes.
Variables beta_1 beta_2 eta_dec eta_enc sigma_2 : R.

(** z_2 is active iff beta_1 eta_enc^2 > beta_2 sigma_2^2, whatever the data; then s_2 = (beta_1/beta_2) eta_enc^2. *)
Definition s_2 := if Rlt_dec (beta_2 * sigma_2 ^ 2) (beta_1 * eta_enc ^ 2) then beta_1 * eta_enc ^ 2 / beta_2 else sigma_2 ^ 2.
Definition s_1 := eta_dec ^ 2 * s_2 / sigma_2 ^ 2.
(** z_1 is active on mode i iff theta_i^2 > beta_1 eta_dec^2 *)
Definition q_1 theta s := if Rlt_dec (beta_1 * eta_dec ^ 2) (theta ^ 2) then s * (beta_1 * eta_dec ^ 2) / theta ^ 2 else s.
Definition opt_both theta := both beta_1 beta_2 eta_dec eta_enc theta s_1 (q_1 theta s_1) s_2 (sigma_2 ^ 2).
Definition opt_bottom theta := bottom beta_1 eta_dec theta (eta_dec ^ 2) (q_1 theta (eta_dec ^ 2)).

Hypotheses (B1 : 0 < beta_1) (B2 : 0 < beta_2) (Hd : 0 < eta_dec) (He : 0 < eta_enc) (S2 : 0 < sigma_2).
Let P2 : 0 < sigma_2 ^ 2. Proof. pos. Qed.
Let W : 0 < eta_dec ^ 2 * beta_1. Proof. pos. Qed.
Let W' : 0 < beta_1 * eta_dec ^ 2. Proof. pos. Qed.

Lemma feasible theta s : 0 < s -> 0 < q_1 theta s <= s.
Proof.
intros Hs; unfold q_1; destruct (Rlt_dec (beta_1 * eta_dec ^ 2) (theta ^ 2)) as [C|C]; [|lra].
set (t := theta ^ 2) in *; clearbody t.
assert (T : 0 < t) by lra; split; [pos|]; apply Rmult_le_reg_r with t; [lra|].
replace (s * (beta_1 * eta_dec ^ 2) / t * t) with (s * (beta_1 * eta_dec ^ 2)) by (field; lra); apply Rmult_le_compat_l; lra.
Qed.

Lemma s_2_ge : 0 < s_2 /\ sigma_2 ^ 2 <= s_2 /\ 0 < s_1.
Proof.
assert (P : 0 < sigma_2 ^ 2) by pos.
assert (H : sigma_2 ^ 2 <= s_2).
{ unfold s_2; destruct (Rlt_dec (beta_2 * sigma_2 ^ 2) (beta_1 * eta_enc ^ 2)) as [C|C]; [to_ln C; monomial|lra]. }
assert (0 < s_2) by lra; repeat split; [assumption|assumption|unfold s_1; pos].
Qed.

(** The first term's value T_1: the threshold where z_1 is active, theta^2 elsewhere. *)
Ltac at_values := unfold first, second, third; lnx; field; nz.

Lemma both_le theta s q s' : 0 <= theta -> 0 < q -> q <= s -> sigma_2 ^ 2 <= s' ->
  opt_both theta <= both beta_1 beta_2 eta_dec eta_enc theta s q s' (sigma_2 ^ 2).
Proof.
intros Ht H1 H2 H3; destruct (square_or_zero theta) as [Z Z']; assert (N : eta_dec ^ 2 * beta_1 = beta_1 * eta_dec ^ 2) by ring.
assert (G := fun T_1 T_3 P Z H H' => both_bound beta_1 beta_2 eta_dec eta_enc B1 B2 Hd He theta s q s' (sigma_2 ^ 2)
  T_1 (eta_dec ^ 2 * beta_1) T_3 Ht P Z W H H' H1 H2 P2 H3).
unfold opt_both, s_1, s_2, q_1, both at 1.
destruct (Rlt_dec (beta_1 * eta_dec ^ 2) (theta ^ 2)) as [C1|C1]; [assert (T := above_pos theta _ Ht W' C1)|];
  destruct (Rlt_dec (beta_2 * sigma_2 ^ 2) (beta_1 * eta_enc ^ 2)) as [C2|C2].
- refine (Rle_trans _ _ _ (Req_le _ _ _) (G (eta_dec ^ 2 * beta_1) (eta_dec ^ 2 * beta_1) _ _ _ _)); [at_values|intros; pos|intros; lra|lra|lra].
- assert (C2' : beta_1 * eta_enc ^ 2 <= beta_2 * sigma_2 ^ 2) by lra; to_ln C2'.
  refine (Rle_trans _ _ _ (Req_le _ _ _) (G (eta_dec ^ 2 * beta_1) (beta_2 * (eta_dec / eta_enc) ^ 2 * sigma_2 ^ 2) _ _ _ _));
    [at_values|intros; pos|intros; lra|lra|monomial].
- refine (Rle_trans _ _ _ (Req_le _ _ _) (G (theta ^ 2) (eta_dec ^ 2 * beta_1) Z Z' _ _)); [at_values|lra|lra].
- assert (C2' : beta_1 * eta_enc ^ 2 <= beta_2 * sigma_2 ^ 2) by lra; to_ln C2'.
  refine (Rle_trans _ _ _ (Req_le _ _ _) (G (theta ^ 2) (beta_2 * (eta_dec / eta_enc) ^ 2 * sigma_2 ^ 2) Z Z' _ _));
    [at_values|lra|monomial].
Qed.

Lemma bottom_le theta s q : 0 <= theta -> 0 < q -> q <= s -> opt_bottom theta <= bottom beta_1 eta_dec theta s q.
Proof.
intros Ht H1 H2; destruct (square_or_zero theta) as [Z Z'].
assert (G := fun T_1 P Z H => bottom_bound beta_1 eta_dec B1 theta s q T_1 (eta_dec ^ 2 * beta_1) Ht P Z W H H1 H2).
unfold opt_bottom, q_1, bottom at 1; destruct (Rlt_dec (beta_1 * eta_dec ^ 2) (theta ^ 2)) as [C|C].
- assert (T := above_pos theta _ Ht W' C).
  refine (Rle_trans _ _ _ (Req_le _ _ _) (G (eta_dec ^ 2 * beta_1) _ _ _)); [at_values|intros; pos|intros; lra|lra].
- refine (Rle_trans _ _ _ (Req_le _ _ _) (G (theta ^ 2) Z Z' _)); [at_values|lra].
Qed.
End Modes.
