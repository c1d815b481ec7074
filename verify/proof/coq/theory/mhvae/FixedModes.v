(** Theorem 5 of arXiv 2306.05023, one mode: Sigma_1 = sigma_1^2 I and Sigma_2 = sigma_2^2 I fixed. The closed-form optimum of every
    mode, theta >= 0, bottlenecks included (a mode that a narrower second level cuts is TopModes.v's [bottom]). *)
From Coq Require Import Reals Lra.
From CollapseAudit Require Import Monomials ModeBounds.
Open Scope R_scope.

Section Modes.
Variables beta_1 beta_2 eta_dec eta_enc sigma_1 sigma_2 : R.

Notation c := (eta_dec / eta_enc).
Notation const := (eta_dec ^ 2 * (beta_1 * ln (sigma_1 ^ 2) + beta_2 * ln (sigma_2 ^ 2))).
Notation loss theta s_1 s_2 := (both beta_1 beta_2 eta_dec eta_enc theta s_1 (sigma_1 ^ 2) s_2 (sigma_2 ^ 2)).

Definition k := sqrt beta_1 * sqrt beta_2 * c * sigma_1 * sigma_2.
Definition m := beta_2 * c ^ 2 * sigma_2 ^ 2 / (sqrt beta_1 * sigma_1).

(** The four regions of the paper. *)
Definition region {A} (theta : R) (z1z2 z1 z2 none : A) : A :=
  if Rlt_dec k (theta ^ 2) then if Rlt_dec m theta then z1z2 else z1
  else if Rlt_dec (sqrt beta_2 * c * sigma_2) (sqrt beta_1 * sigma_1) then z2
  else if Rlt_dec (sqrt beta_1 * sigma_1) theta then z1 else none.

Definition s_both theta := Rpower (theta ^ 2 * sigma_1 ^ 2 / (sqrt beta_1 * sqrt beta_2 * c * sigma_2)) (2 / 3).
Definition opt_both theta := region theta
  (3 * Rpower (beta_1 * beta_2 * c ^ 2 * theta ^ 2 * sigma_1 ^ 2 * sigma_2 ^ 2) (1 / 3) - const)
  (2 * (theta * sigma_1 * sqrt beta_1) + beta_2 * c ^ 2 * sigma_2 ^ 2 - const)
  (theta ^ 2 + 2 * k - const)
  (theta ^ 2 + beta_1 * sigma_1 ^ 2 + beta_2 * c ^ 2 * sigma_2 ^ 2 - const).
Definition s_1 theta := region theta (s_both theta) (sigma_1 * theta / sqrt beta_1) (sigma_1 ^ 2) (sigma_1 ^ 2).
Definition s_2 theta := region theta (sigma_2 * sqrt beta_1 * sqrt (s_both theta) / (sqrt beta_2 * c)) (sigma_2 ^ 2)
  (sigma_1 * sigma_2 * sqrt beta_1 / (sqrt beta_2 * c)) (sigma_2 ^ 2).
Definition opt_above theta := theta ^ 2 + beta_2 * c ^ 2 * sigma_2 ^ 2 - eta_dec ^ 2 * (beta_2 * ln (sigma_2 ^ 2)).

Hypotheses (B1 : 0 < beta_1) (B2 : 0 < beta_2) (Hd : 0 < eta_dec) (He : 0 < eta_enc) (S1 : 0 < sigma_1) (S2 : 0 < sigma_2).
Let P1 : 0 < sigma_1 ^ 2. Proof. pos. Qed.
Let P2 : 0 < sigma_2 ^ 2. Proof. pos. Qed.
Let Q1 : 0 < sqrt beta_1. Proof. pos. Qed.
Let Q2 : 0 < sqrt beta_2. Proof. pos. Qed.
Let E1 : sqrt beta_1 ^ 2 = beta_1. Proof. apply pow2_sqrt; lra. Qed.
Let E2 : sqrt beta_2 ^ 2 = beta_2. Proof. apply pow2_sqrt; lra. Qed.
Let A : 0 < sqrt beta_1 * sigma_1. Proof. pos. Qed.
Lemma k_pos : 0 < k. Proof. unfold k; pos. Qed.

Ltac at_values := unfold first, second, third; lnx; field; nz.

Lemma both_le theta s1 s2 : 0 <= theta -> sigma_1 ^ 2 <= s1 -> sigma_2 ^ 2 <= s2 -> opt_both theta <= loss theta s1 s2.
Proof.
intros Ht H1 H2; destruct (square_or_zero theta) as [Z Z']; assert (K := k_pos).
assert (G := fun T_1 T_2 T_3 P Z P' H H' => both_bound beta_1 beta_2 eta_dec eta_enc B1 B2 Hd He theta s1 (sigma_1 ^ 2) s2 (sigma_2 ^ 2)
  T_1 T_2 T_3 Ht P Z P' H H' P1 H1 P2 H2).
assert (z1 : 0 < theta -> theta * sigma_1 * sqrt beta_1 <= beta_2 * c ^ 2 * sigma_2 ^ 2 ->
  2 * (theta * sigma_1 * sqrt beta_1) + beta_2 * c ^ 2 * sigma_2 ^ 2 - const <= loss theta s1 s2).
{ intros T D; refine (Rle_trans _ _ _ (Req_le _ _ _)
    (G (theta * sigma_1 * sqrt beta_1) (theta * sigma_1 * sqrt beta_1) (beta_2 * c ^ 2 * sigma_2 ^ 2) _ _ _ _ _));
    [at_values|intros; pos|intros; lra|pos|lra|assumption]. }
unfold opt_both, region.
destruct (Rlt_dec k (theta ^ 2)) as [C1|C1].
- assert (T := above_pos theta _ Ht K C1); destruct (Rlt_dec m theta) as [C2|C2].
  + set (x := Rpower (beta_1 * beta_2 * c ^ 2 * theta ^ 2 * sigma_1 ^ 2 * sigma_2 ^ 2) (1 / 3)).
    assert (X : 0 < x) by apply exp_pos.
    refine (Rle_trans _ _ _ (Req_le _ _ _) (G x x x _ _ _ _ _)); [|intros; pos|intros; lra|pos|lra|lra].
    assert (L : ln x = 1 / 3 * ln (beta_1 * beta_2 * c ^ 2 * theta ^ 2 * sigma_1 ^ 2 * sigma_2 ^ 2)) by (unfold x; apply ln_Rpow).
    clearbody x; unfold first, second, third; rewrite L; lnx; field.
  + assert (C2' : theta <= m) by lra; unfold m in C2'; apply z1; [assumption|]; to_ln C2'; monomial.
- assert (C1' : theta ^ 2 <= k) by lra.
  destruct (Rlt_dec (sqrt beta_2 * c * sigma_2) (sqrt beta_1 * sigma_1)) as [C3|C3].
  + refine (Rle_trans _ _ _ (Req_le _ _ _) (G (theta ^ 2) k k Z Z' _ _ _)); [|assumption|lra|lra].
    assert (L : ln k = / 2 * ln beta_1 + / 2 * ln beta_2 + (ln eta_dec - ln eta_enc) + ln sigma_1 + ln sigma_2) by (unfold k; lnx; ring).
    unfold first, second, third; rewrite L; lnx; field.
  + assert (C3' : sqrt beta_1 * sigma_1 <= sqrt beta_2 * c * sigma_2) by lra; to_ln C3'.
    destruct (Rlt_dec (sqrt beta_1 * sigma_1) theta) as [C4|C4].
    * assert (T : 0 < theta) by lra; apply z1; [assumption|]; unfold k in C1'; to_ln C1'; monomial.
    * assert (C4' : theta ^ 2 <= beta_1 * sigma_1 ^ 2).
      { rewrite <- E1; replace (sqrt beta_1 ^ 2 * sigma_1 ^ 2) with ((sqrt beta_1 * sigma_1) ^ 2) by ring; apply pow_incr; lra. }
      refine (Rle_trans _ _ _ (Req_le _ _ _) (G (theta ^ 2) (beta_1 * sigma_1 ^ 2) (beta_2 * c ^ 2 * sigma_2 ^ 2) Z Z' _ _ _));
        [at_values|pos|lra|monomial].
Qed.

Lemma both_attained theta : 0 <= theta -> loss theta (s_1 theta) (s_2 theta) = opt_both theta
  /\ sigma_1 ^ 2 <= s_1 theta /\ sigma_2 ^ 2 <= s_2 theta.
Proof.
intros Ht; unfold both, s_1, s_2, opt_both, region; assert (K := k_pos).
destruct (Rlt_dec k (theta ^ 2)) as [C1|C1].
- assert (T := above_pos theta _ Ht K C1).
  destruct (Rlt_dec m theta) as [C2|C2]; unfold k in C1; unfold m in C2.
  + assert (0 < s_both theta) by apply exp_pos.
    split; [|to_ln C1; to_ln C2; unfold s_both; split; monomial].
    set (x := Rpower (beta_1 * beta_2 * c ^ 2 * theta ^ 2 * sigma_1 ^ 2 * sigma_2 ^ 2) (1 / 3)).
    assert (X1 : theta ^ 2 * (sigma_1 ^ 2 / s_both theta) = x) by (unfold x, s_both; monomial).
    assert (X2 : beta_1 * (s_both theta * (sigma_2 ^ 2 / (sigma_2 * sqrt beta_1 * sqrt (s_both theta) / (sqrt beta_2 * c)))) = x)
      by (unfold x, s_both; monomial).
    assert (X3 : beta_2 * c ^ 2 * (sigma_2 * sqrt beta_1 * sqrt (s_both theta) / (sqrt beta_2 * c)) = x) by (unfold x, s_both; monomial).
    rewrite X1, X2, X3; ring.
  + assert (C2' : theta <= beta_2 * c ^ 2 * sigma_2 ^ 2 / (sqrt beta_1 * sigma_1)) by lra.
    to_ln C1; to_ln C2'; split; [|split; [monomial|lra]].
    set (x := sqrt beta_1) in *; clearbody x; rewrite <- E1; field; nz.
- destruct (Rlt_dec (sqrt beta_2 * c * sigma_2) (sqrt beta_1 * sigma_1)) as [C3|C3].
  + split; [|to_ln C3; split; [lra|monomial]].
    unfold k; set (x := sqrt beta_1) in *; clearbody x; set (y := sqrt beta_2) in *; clearbody y; rewrite <- E1, <- E2; field; nz.
  + destruct (Rlt_dec (sqrt beta_1 * sigma_1) theta) as [C4|C4].
    * assert (T : 0 < theta) by lra; to_ln C4; split; [|split; [monomial|lra]].
      set (x := sqrt beta_1) in *; clearbody x; rewrite <- E1; field; nz.
    * split; [field; nz|lra].
Qed.

(** The paper's lambda^2 and omega^2 (omega_2 = lambda_2 s_1 / s_2 with lambda_2^2 = (s_2 - sigma_2^2) / s_1). *)
Lemma typed theta : 0 < theta ->
  s_1 theta - sigma_1 ^ 2 = region theta (s_both theta - sigma_1 ^ 2) (sigma_1 * (theta / sqrt beta_1 - sigma_1)) 0 0 /\
  (s_2 theta - sigma_2 ^ 2) / s_1 theta * (s_1 theta / s_2 theta) ^ 2 = region theta
    ((sqrt beta_1 * sqrt beta_2 * sqrt (s_both theta) * c / sigma_2 - beta_2 * c ^ 2) / beta_1) 0
    (sqrt beta_2 * c * sigma_1 / (sqrt beta_1 * sigma_2) - beta_2 / beta_1 * c ^ 2) 0.
Proof.
intros Ht; unfold s_1, s_2, region.
assert (P : 0 < s_both theta) by apply exp_pos; assert (Q3 : 0 < sqrt (s_both theta)) by (now apply sqrt_lt_R0).
assert (E3 : sqrt (s_both theta) ^ 2 = s_both theta) by (apply pow2_sqrt; lra).
set (x := sqrt beta_1) in *; set (y := sqrt beta_2) in *; set (z := sqrt (s_both theta)) in *; clearbody x y z.
repeat match goal with |- context [Rlt_dec ?a ?b] => destruct (Rlt_dec a b) end;
  rewrite <- ?E1, <- ?E2, <- ?E3; split; first [reflexivity | field; nz].
Qed.

Lemma above_le theta s2 : sigma_2 ^ 2 <= s2 -> opt_above theta <= above beta_2 eta_dec eta_enc theta s2 (sigma_2 ^ 2).
Proof.
intros H; unfold opt_above, above; assert (0 <= beta_2 * c ^ 2) by (left; pos).
assert (beta_2 * c ^ 2 * sigma_2 ^ 2 <= beta_2 * c ^ 2 * s2) by (now apply Rmult_le_compat_l); lra.
Qed.

Lemma above_attained theta : above beta_2 eta_dec eta_enc theta (sigma_2 ^ 2) (sigma_2 ^ 2) = opt_above theta. Proof. reflexivity. Qed.

Lemma idle : s_1 0 = sigma_1 ^ 2.
Proof.
unfold s_1, region; rewrite zero_sq; assert (K := k_pos).
repeat (match goal with |- context [Rlt_dec ?a ?b] => destruct (Rlt_dec a b) end; try lra).
Qed.
End Modes.
