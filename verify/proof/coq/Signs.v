(** Choices, signs, powers, logarithms and roots of Coq's own real numbers; no axiom besides those of its library. *)
Require Export Reals Lra Lia Classical.
Require Import ClassicalEpsilon.
Open Scope R_scope.

(** ** Choices: a if P holds, else b *)

Definition choice (P : Prop) (a b : R) : R := if excluded_middle_informative P then a else b.

Lemma choice_yes (P : Prop) a b : P -> choice P a b = a.
Proof. unfold choice; destruct (excluded_middle_informative P); tauto. Qed.

Lemma choice_no (P : Prop) a b : ~ P -> choice P a b = b.
Proof. unfold choice; destruct (excluded_middle_informative P); tauto. Qed.

(** What was decided of each condition is among the hypotheses. *)
Ltac choices :=
  repeat match goal with
  | |- context [choice ?P ?a ?b] =>
      first [rewrite (choice_yes P a b) by assumption | rewrite (choice_no P a b) by assumption]
  end.

(** The opposite of a formula, pushed down to its relations, from [H : ~ c]. *)
Ltac negated H :=
  lazymatch goal with
  | |- _ >= _ => first [apply Rnot_gt_ge in H; exact H | apply Rnot_gt_ge; exact H | apply Rnot_lt_ge; exact H]
  | |- _ > _ => apply Rnot_le_gt; intro; apply H; apply Rle_ge; assumption
  | |- _ = _ => apply NNPP; exact H
  | |- _ <> _ => exact H
  | |- _ \/ _ => apply not_and_or in H; destruct H as [H | H]; [left | right]; negated H
  | |- _ /\ _ => apply not_or_and in H; let K := fresh in destruct H as [H K]; split; [negated H | negated K]
  | |- False => apply H; exact I
  | |- True => exact I
  end.

(** ** Powers and logarithms *)

Lemma ln_power x n : 0 < x -> ln (x ^ n) = INR n * ln x.
Proof.
intros Hx; induction n as [|n IH]; [simpl; rewrite ln_1; ring|].
rewrite S_INR; simpl pow; rewrite ln_mult; [rewrite IH; ring|assumption|now apply pow_lt].
Qed.

Lemma ln_Rpower x a : ln (Rpower x a) = a * ln x.
Proof. unfold Rpower; apply ln_exp. Qed.

Lemma ln_quotient x y : 0 < x -> 0 < y -> ln (x / y) = ln x - ln y.
Proof. intros; unfold Rdiv; rewrite ln_mult, ln_Rinv; [ring|assumption|assumption|now apply Rinv_0_lt_compat]. Qed.

Lemma ln_root x : 0 < x -> ln (sqrt x) = / 2 * ln x.
Proof. intros; rewrite <- Rpower_sqrt, ln_Rpower by assumption; reflexivity. Qed.

Lemma even_power x n : 0 <= x ^ (2 * n).
Proof. rewrite pow_mult; apply pow_le, pow2_ge_0. Qed.

Lemma ln_above_1 x : 1 <= x -> 0 <= ln x.
Proof. intros [H | <-]; [rewrite <- ln_1; left; apply ln_increasing; lra | rewrite ln_1; lra]. Qed.

Lemma positive_not_0 x : 0 < x -> x <> 0.
Proof. intros H E; rewrite E in H; exact (Rlt_irrefl 0 H). Qed.

Lemma negative_not_0 x : 0 < - x -> x <> 0.
Proof. intros; lra. Qed.

Lemma not_0_above_0 x : 0 <= x -> x <> 0 -> 0 < x.
Proof. intros [H | H]; [trivial | intros E; now elim E]. Qed.

Lemma square_above_0 x : x <> 0 -> 0 < x ^ 2.
Proof. intros; replace (x ^ 2) with (Rsqr x) by (unfold Rsqr; ring); now apply Rsqr_pos_lt. Qed.

(** ** Signs, as a term shows them *)

(** A difference of two monomials, by their logarithms: told below. *)
Ltac compared := fail.


Ltac positive :=
  lazymatch goal with
  | |- 0 < _ * _ => first [assumption | apply Rmult_lt_0_compat; positive | lra]
  | |- 0 < / _ => apply Rinv_0_lt_compat; positive
  | |- 0 < _ / _ => apply Rdiv_lt_0_compat; positive
  | |- 0 < _ ^ 2 => first [apply pow_lt; positive | apply square_above_0; assumption]
  | |- 0 < _ ^ _ => apply pow_lt; positive
  | |- 0 < exp _ => apply exp_pos
  | |- 0 < Rpower _ _ => apply exp_pos
  | |- 0 < sqrt _ => apply sqrt_lt_R0; positive
  | |- 0 < INR _ => first [assumption | apply lt_0_INR; lia]
  | |- 0 < PI => exact PI_RGT_0
  | |- 0 < _ + _ => first [ lra
                          | apply Rplus_lt_0_compat; positive
                          | apply Rplus_lt_le_0_compat; [positive | nonnegative]
                          | apply Rplus_le_lt_0_compat; [nonnegative | positive] ]
  | |- 0 < ?a - ?b => first [assumption | lra | cut (a > b); [lra | compared]]
  | |- 0 < _ => first [assumption | lra]
  end
with nonnegative :=
  lazymatch goal with
  | |- 0 <= _ * _ => first [assumption | apply Rmult_le_pos; nonnegative | lra]
  | |- 0 <= / _ => left; positive
  | |- 0 <= _ / _ => apply Rmult_le_pos; [nonnegative | left; apply Rinv_0_lt_compat; positive]
  | |- 0 <= _ ^ 2 => apply pow2_ge_0
  | |- 0 <= _ ^ 4 => exact (even_power _ 2)
  | |- 0 <= _ ^ 6 => exact (even_power _ 3)
  | |- 0 <= _ ^ 8 => exact (even_power _ 4)
  | |- 0 <= _ ^ _ => apply pow_le; nonnegative
  | |- 0 <= sqrt _ => apply sqrt_pos
  | |- 0 <= exp _ => left; apply exp_pos
  | |- 0 <= Rpower _ _ => left; apply exp_pos
  | |- 0 <= INR _ => apply pos_INR
  | |- 0 <= PI => left; exact PI_RGT_0
  | |- 0 <= ln _ => first [assumption | apply ln_above_1; lra | lra]
  | |- 0 <= _ + _ => first [apply Rplus_le_le_0_compat; nonnegative | lra]
  | |- 0 <= ?a - ?b => first [assumption | lra | cut (a >= b); [lra | compared]]
  | |- 0 <= _ => first [assumption | lra | left; assumption]
  end.

(** What is divided by is not 0. *)
Ltac not_zero :=
  repeat match goal with |- _ /\ _ => split end;
  first [assumption | apply positive_not_0; positive | apply negative_not_0; positive | lra].

Ltac signed :=
  lazymatch goal with
  | |- _ <> _ => not_zero
  | |- 0 < _ => positive
  | |- 0 <= _ => nonnegative
  | |- ?a > 0 => change (0 < a); positive
  | |- ?a >= 0 => apply Rle_ge; nonnegative
  | |- _ => first [assumption | lra]
  end.

(** Every logarithm of a product becomes a sum of logarithms of its factors. *)
Ltac expand :=
  repeat match goal with
  | |- context [ln (?a * ?b)] => rewrite (ln_mult a b) by positive
  | |- context [ln (?a / ?b)] => rewrite (ln_quotient a b) by positive
  | |- context [ln (/ ?a)] => rewrite (ln_Rinv a) by positive
  | |- context [ln (?a ^ ?n)] => rewrite (ln_power a n) by positive
  | |- context [ln (Rpower ?a ?x)] => rewrite (ln_Rpower a x)
  | |- context [ln (sqrt ?a)] => rewrite (ln_root a) by positive
  | |- context [ln (exp ?a)] => rewrite (ln_exp a)
  | |- context [ln 1] => rewrite ln_1
  end; cbn [INR].

Ltac expand_in H :=
  repeat match type of H with
  | context [ln (?a * ?b)] => rewrite (ln_mult a b) in H by positive
  | context [ln (?a / ?b)] => rewrite (ln_quotient a b) in H by positive
  | context [ln (/ ?a)] => rewrite (ln_Rinv a) in H by positive
  | context [ln (?a ^ ?n)] => rewrite (ln_power a n) in H by positive
  | context [ln (Rpower ?a ?x)] => rewrite (ln_Rpower a x) in H
  | context [ln (sqrt ?a)] => rewrite (ln_root a) in H by positive
  | context [ln (exp ?a)] => rewrite (ln_exp a) in H
  | context [ln 1] => rewrite ln_1 in H
  end; cbn [INR] in H.

(** Roots of products are products of roots. *)
Lemma root_of_square x : 0 <= x -> sqrt (x ^ 2) = x.
Proof. apply sqrt_pow2. Qed.
Lemma root_of_inverse x : 0 < x -> sqrt (/ x) = / sqrt x.
Proof.
intros H; assert (S : sqrt x <> 0) by now apply positive_not_0, sqrt_lt_R0.
replace (/ x) with (1 / x) by (field; lra); rewrite sqrt_div, sqrt_1; [now field | lra | assumption].
Qed.

Ltac roots :=
  repeat match goal with
  | |- context [sqrt (?a * ?b)] => rewrite (sqrt_mult a b) by nonnegative
  | |- context [sqrt (?a ^ 2)] => rewrite (root_of_square a) by nonnegative
  | |- context [sqrt (?a / ?b)] => rewrite (sqrt_div a b) by first [nonnegative | positive]
  | |- context [sqrt (/ ?a)] => rewrite (root_of_inverse a) by positive
  | |- context [sqrt 0] => rewrite sqrt_0
  | |- context [sqrt 1] => rewrite sqrt_1
  end.

Lemma square_of_root x : 0 <= x -> sqrt x ^ 2 = x.
Proof. apply pow2_sqrt. Qed.
