(** Theorem 3 of arXiv 2306.05023, one mode: Sigma_1 = sigma_1^2 I fixed, Sigma_2 learnable. The closed-form optimum of every mode,
    theta >= 0, bottlenecks included; what attains it; and that this is the paper's lambda_1^2 and omega_2^2. *)
From Coq Require Import Reals Lra.
From CollapseAudit Require Import Monomials ModeBounds.
Open Scope R_scope.

Section Modes.
Variables beta_1 beta_2 eta_dec eta_enc sigma_1 : R.
Notation entropy_1 := (beta_1 * ln (sigma_1 ^ 2)).

(** The four regions of the paper, as one decision. *)
Definition region {A} (theta : R) (z1z2 z1 z2 none : A) : A :=
  if Rlt_dec (beta_2 * eta_dec ^ 2) (theta ^ 2) then
    if Rlt_dec (beta_2 ^ 2 * eta_dec ^ 4) (beta_1 * sigma_1 ^ 2 * theta ^ 2) then z1z2 else z1
  else if Rlt_dec (beta_1 * sigma_1 ^ 2) (theta ^ 2) then z1
  else if Rlt_dec (beta_2 * eta_dec ^ 2) (beta_1 * sigma_1 ^ 2) then z2 else none.

Definition opt_both theta := region theta
  (3 * (beta_2 * eta_dec ^ 2)
   - eta_dec ^ 2 * (entropy_1 + beta_2 * ln (beta_2 ^ 2 * eta_dec ^ 4 * eta_enc ^ 2 / (beta_1 * sigma_1 ^ 2 * theta ^ 2))))
  (2 * (theta * sigma_1 * sqrt beta_1) + beta_2 * eta_dec ^ 2 - eta_dec ^ 2 * (entropy_1 + beta_2 * ln (eta_enc ^ 2)))
  (theta ^ 2 + 2 * (beta_2 * eta_dec ^ 2)
   - eta_dec ^ 2 * (entropy_1 + beta_2 * ln (beta_2 * eta_dec ^ 2 * eta_enc ^ 2 / (beta_1 * sigma_1 ^ 2))))
  (theta ^ 2 + beta_1 * sigma_1 ^ 2 + beta_2 * eta_dec ^ 2 - eta_dec ^ 2 * (entropy_1 + beta_2 * ln (eta_enc ^ 2))).

(** s_1 = lambda_1^2 + sigma_1^2 and q_2 = sigma_2^2 at the optimum; s_2 = eta_enc^2 always. *)
Definition s_1 theta := region theta
  (sigma_1 ^ 2 * theta ^ 2 / (beta_2 * eta_dec ^ 2)) (sigma_1 * theta / sqrt beta_1) (sigma_1 ^ 2) (sigma_1 ^ 2).
Definition q_2 theta := region theta (beta_2 ^ 2 * eta_dec ^ 4 * eta_enc ^ 2 / (beta_1 * sigma_1 ^ 2 * theta ^ 2))
  (eta_enc ^ 2) (beta_2 * eta_dec ^ 2 * eta_enc ^ 2 / (beta_1 * sigma_1 ^ 2)) (eta_enc ^ 2).

Definition opt_bottom theta := if Rlt_dec (beta_1 * sigma_1 ^ 2) (theta ^ 2)
  then 2 * (theta * sigma_1 * sqrt beta_1) - eta_dec ^ 2 * entropy_1 else theta ^ 2 + beta_1 * sigma_1 ^ 2 - eta_dec ^ 2 * entropy_1.
Definition s_bottom theta := if Rlt_dec (beta_1 * sigma_1 ^ 2) (theta ^ 2) then sigma_1 * theta / sqrt beta_1 else sigma_1 ^ 2.
Definition opt_above theta := theta ^ 2 + beta_2 * eta_dec ^ 2 - eta_dec ^ 2 * (beta_2 * ln (eta_enc ^ 2)).

Hypotheses (B1 : 0 < beta_1) (B2 : 0 < beta_2) (Hd : 0 < eta_dec) (He : 0 < eta_enc) (S1 : 0 < sigma_1).
Let P1 : 0 < sigma_1 ^ 2. Proof. pos. Qed.
Let P2 : 0 < beta_1 * sigma_1 ^ 2. Proof. pos. Qed.
Let W : 0 < beta_2 * eta_dec ^ 2. Proof. pos. Qed.
Let Q : 0 < sqrt beta_1. Proof. pos. Qed.
Let E : sqrt beta_1 ^ 2 = beta_1. Proof. apply pow2_sqrt; lra. Qed.

Ltac at_values := unfold first, second, third; lnx; field; nz.

Lemma both_le theta s1 s2 q2 : 0 <= theta -> sigma_1 ^ 2 <= s1 -> 0 < q2 -> q2 <= s2 ->
  opt_both theta <= both beta_1 beta_2 eta_dec eta_enc theta s1 (sigma_1 ^ 2) s2 q2.
Proof.
intros Ht H1 H2 H3; destruct (square_or_zero theta) as [Z Z'].
assert (G := fun T_1 T_2 P Z P' H H' => both_bound beta_1 beta_2 eta_dec eta_enc B1 B2 Hd He theta s1 (sigma_1 ^ 2) s2 q2 T_1 T_2
  (beta_2 * eta_dec ^ 2) Ht P Z P' H H' P1 H1 H2 H3).
assert (z1 : beta_1 * sigma_1 ^ 2 < theta ^ 2 -> beta_1 * sigma_1 ^ 2 * theta ^ 2 <= beta_2 ^ 2 * eta_dec ^ 4 ->
  2 * (theta * sigma_1 * sqrt beta_1) + beta_2 * eta_dec ^ 2 - eta_dec ^ 2 * (entropy_1 + beta_2 * ln (eta_enc ^ 2))
  <= both beta_1 beta_2 eta_dec eta_enc theta s1 (sigma_1 ^ 2) s2 q2).
{ intros C D; assert (T := above_pos theta _ Ht P2 C); to_ln D.
  refine (Rle_trans _ _ _ (Req_le _ _ _) (G (theta * sigma_1 * sqrt beta_1) (theta * sigma_1 * sqrt beta_1) _ _ _ _ _));
    [at_values|intros; pos|intros; lra|pos|lra|monomial]. }
unfold opt_both, region.
destruct (Rlt_dec (beta_2 * eta_dec ^ 2) (theta ^ 2)) as [C1|C1].
- assert (T := above_pos theta _ Ht W C1).
  destruct (Rlt_dec (beta_2 ^ 2 * eta_dec ^ 4) (beta_1 * sigma_1 ^ 2 * theta ^ 2)) as [C2|C2].
  + refine (Rle_trans _ _ _ (Req_le _ _ _) (G (beta_2 * eta_dec ^ 2) (beta_2 * eta_dec ^ 2) _ _ _ _ _));
      [at_values|intros; pos|intros; lra|pos|lra|lra].
  + assert (C3 : beta_1 * sigma_1 ^ 2 * theta ^ 2 <= beta_2 ^ 2 * eta_dec ^ 4) by lra.
    apply z1; [|assumption]; to_ln C1; to_ln C3; monomial.
- destruct (Rlt_dec (beta_1 * sigma_1 ^ 2) (theta ^ 2)) as [C3|C3].
  + assert (C1' : theta ^ 2 <= beta_2 * eta_dec ^ 2) by lra; assert (T := above_pos theta _ Ht P2 C3).
    apply z1; [assumption|]; to_ln C1'; to_ln C3; monomial.
  + destruct (Rlt_dec (beta_2 * eta_dec ^ 2) (beta_1 * sigma_1 ^ 2)) as [C4|C4].
    * refine (Rle_trans _ _ _ (Req_le _ _ _) (G (theta ^ 2) (beta_2 * eta_dec ^ 2) Z Z' _ _ _)); [at_values|pos|lra|lra].
    * refine (Rle_trans _ _ _ (Req_le _ _ _) (G (theta ^ 2) (beta_1 * sigma_1 ^ 2) Z Z' _ _ _)); [at_values|pos|lra|lra].
Qed.

Lemma both_attained theta : 0 <= theta ->
  both beta_1 beta_2 eta_dec eta_enc theta (s_1 theta) (sigma_1 ^ 2) (eta_enc ^ 2) (q_2 theta) = opt_both theta
  /\ sigma_1 ^ 2 <= s_1 theta /\ 0 < q_2 theta <= eta_enc ^ 2.
Proof.
intros Ht; unfold both, s_1, q_2, opt_both, region; assert (P3 : 0 < eta_enc ^ 2) by pos.
destruct (Rlt_dec (beta_2 * eta_dec ^ 2) (theta ^ 2)) as [C1|C1].
- assert (T := above_pos theta _ Ht W C1).
  destruct (Rlt_dec (beta_2 ^ 2 * eta_dec ^ 4) (beta_1 * sigma_1 ^ 2 * theta ^ 2)) as [C2|C2].
  + split; [field; nz|]; to_ln C1; to_ln C2; repeat split; first [pos | monomial].
  + assert (C2' : beta_1 * sigma_1 ^ 2 * theta ^ 2 <= beta_2 ^ 2 * eta_dec ^ 4) by lra.
    to_ln C1; to_ln C2'; split; [|repeat split; first [pos | monomial | lra]].
    set (x := sqrt beta_1) in *; clearbody x; rewrite <- E; field; nz.
- destruct (Rlt_dec (beta_1 * sigma_1 ^ 2) (theta ^ 2)) as [C3|C3].
  + assert (T := above_pos theta _ Ht P2 C3).
    to_ln C3; split; [|repeat split; first [pos | monomial | lra]].
    set (x := sqrt beta_1) in *; clearbody x; rewrite <- E; field; nz.
  + destruct (Rlt_dec (beta_2 * eta_dec ^ 2) (beta_1 * sigma_1 ^ 2)) as [C4|C4].
    * split; [field; nz|]; to_ln C4; repeat split; first [pos | monomial | lra].
    * split; [field; nz|]; repeat split; lra.
Qed.

(** lambda_1^2 = s_1 - sigma_1^2, and omega_2 = lambda_2 s_1 / s_2 with lambda_2^2 = (s_2 - q_2) / s_1: as the paper types them. *)
Lemma typed theta : 0 <= theta ->
  s_1 theta - sigma_1 ^ 2 = region theta (sigma_1 ^ 2 * (theta ^ 2 - beta_2 * eta_dec ^ 2) / (beta_2 * eta_dec ^ 2))
    (sigma_1 * (theta - sqrt beta_1 * sigma_1) / sqrt beta_1) 0 0 /\
  (eta_enc ^ 2 - q_2 theta) / s_1 theta * (s_1 theta / eta_enc ^ 2) ^ 2 = region theta
    (sigma_1 ^ 2 * theta ^ 2 / (beta_2 * eta_dec ^ 2 * eta_enc ^ 2) - beta_2 / beta_1 * (eta_dec / eta_enc) ^ 2) 0
    ((sigma_1 ^ 2 - beta_2 / beta_1 * eta_dec ^ 2) / eta_enc ^ 2) 0.
Proof.
intros Ht; unfold s_1, q_2, region.
repeat match goal with |- context [Rlt_dec ?a ?b] => destruct (Rlt_dec a b) end;
  (assert (T : 0 < theta \/ theta = 0) by (destruct Ht; auto); destruct T as [T|T];
   [split; field; nz | first [rewrite T, zero_sq in *; exfalso; lra | split; field; nz]]).
Qed.

Lemma bottom_le theta s1 : 0 <= theta -> sigma_1 ^ 2 <= s1 -> opt_bottom theta <= bottom beta_1 eta_dec theta s1 (sigma_1 ^ 2).
Proof.
intros Ht H; unfold opt_bottom; destruct (square_or_zero theta) as [Z Z'].
assert (G := fun T_1 T_2 P Z P' H' => bottom_bound beta_1 eta_dec B1 theta s1 (sigma_1 ^ 2) T_1 T_2 Ht P Z P' H' P1 H).
destruct (Rlt_dec (beta_1 * sigma_1 ^ 2) (theta ^ 2)) as [C|C].
- assert (T := above_pos theta _ Ht P2 C).
  refine (Rle_trans _ _ _ (Req_le _ _ _) (G (theta * sigma_1 * sqrt beta_1) (theta * sigma_1 * sqrt beta_1) _ _ _ _));
    [at_values|intros; pos|intros; lra|pos|lra].
- refine (Rle_trans _ _ _ (Req_le _ _ _) (G (theta ^ 2) (beta_1 * sigma_1 ^ 2) Z Z' _ _)); [at_values|pos|lra].
Qed.

Lemma bottom_attained theta : 0 <= theta ->
  bottom beta_1 eta_dec theta (s_bottom theta) (sigma_1 ^ 2) = opt_bottom theta /\ sigma_1 ^ 2 <= s_bottom theta.
Proof.
intros Ht; unfold bottom, s_bottom, opt_bottom.
destruct (Rlt_dec (beta_1 * sigma_1 ^ 2) (theta ^ 2)) as [C|C]; [|split; [field; lra|lra]].
assert (T := above_pos theta _ Ht P2 C); to_ln C; split; [|monomial].
set (x := sqrt beta_1) in *; clearbody x; rewrite <- E; field; nz.
Qed.

Lemma above_le theta s2 q2 : 0 < q2 -> q2 <= s2 -> opt_above theta <= above beta_2 eta_dec eta_enc theta s2 q2.
Proof.
intros H2 H3; refine (Rle_trans _ _ _ (Req_le _ _ _) (above_bound beta_2 eta_dec eta_enc B2 Hd He theta s2 q2 _ W H2 H3)).
unfold opt_above; at_values.
Qed.

Lemma above_attained theta : above beta_2 eta_dec eta_enc theta (eta_enc ^ 2) (eta_enc ^ 2) = opt_above theta.
Proof. unfold above, opt_above; field; lra. Qed.

Lemma idle : s_1 0 = sigma_1 ^ 2 /\ s_bottom 0 = sigma_1 ^ 2.
Proof.
unfold s_1, s_bottom, region; rewrite zero_sq.
split; repeat (match goal with |- context [Rlt_dec ?a ?b] => destruct (Rlt_dec a b) end; try lra).
Qed.
End Modes.
