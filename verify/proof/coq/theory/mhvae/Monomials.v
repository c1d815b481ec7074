(** Positivity, logarithms of monomials and the tangent of the logarithm: what the closed forms of one mode need, over Coq's reals.
    A relation between positive monomials is a linear one between the logarithms of their symbols, which lra decides. *)
From Coq Require Import Reals Lra.
Open Scope R_scope.

(** ** Positivity, and logarithms of monomials *)

Ltac pos :=
  lazymatch goal with
  | |- 0 < _ * _ => apply Rmult_lt_0_compat; pos
  | |- 0 < / _ => apply Rinv_0_lt_compat; pos
  | |- 0 < _ / _ => apply Rdiv_lt_0_compat; pos
  | |- 0 < _ ^ _ => apply pow_lt; pos
  | |- 0 < exp _ => apply exp_pos
  | |- 0 < Rpower _ _ => apply exp_pos
  | |- 0 < sqrt _ => apply sqrt_lt_R0; pos
  | |- 0 < _ => first [assumption | lra]
  end.

Lemma pos_nz x : 0 < x -> x <> 0.
Proof. intros H E; rewrite E in H; exact (Rlt_irrefl 0 H). Qed.

Ltac nz := repeat match goal with |- _ /\ _ => split end; apply pos_nz; pos.

Lemma ln_powN x n : 0 < x -> ln (x ^ n) = INR n * ln x.
Proof.
intros Hx; induction n as [|n IH]; [simpl; rewrite ln_1; ring|].
rewrite S_INR; simpl pow; rewrite ln_mult; [rewrite IH; ring|assumption|now apply pow_lt].
Qed.

Lemma ln_Rpow x a : ln (Rpower x a) = a * ln x.
Proof. unfold Rpower; apply ln_exp. Qed.

Lemma ln_div x y : 0 < x -> 0 < y -> ln (x / y) = ln x - ln y.
Proof. intros; unfold Rdiv; rewrite ln_mult, ln_Rinv; [ring|assumption|assumption|now apply Rinv_0_lt_compat]. Qed.

Lemma ln_sqrtN x : 0 < x -> ln (sqrt x) = / 2 * ln x.
Proof. intros; rewrite <- Rpower_sqrt, ln_Rpow by assumption; reflexivity. Qed.

(** Expands every logarithm of a monomial into a linear form in logarithms of symbols. *)
Ltac lnx :=
  repeat match goal with
  | |- context [ln (?a * ?b)] => rewrite (ln_mult a b) by pos
  | |- context [ln (?a / ?b)] => rewrite (ln_div a b) by pos
  | |- context [ln (/ ?a)] => rewrite (ln_Rinv a) by pos
  | |- context [ln (?a ^ ?n)] => rewrite (ln_powN a n) by pos
  | |- context [ln (Rpower ?a ?x)] => rewrite (ln_Rpow a x)
  | |- context [ln (sqrt ?a)] => rewrite (ln_sqrtN a) by pos
  | |- context [ln (exp ?a)] => rewrite (ln_exp a)
  | |- context [ln 1] => rewrite ln_1
  end; cbn [INR].

Ltac lnx_in H :=
  repeat match type of H with
  | context [ln (?a * ?b)] => rewrite (ln_mult a b) in H by pos
  | context [ln (?a / ?b)] => rewrite (ln_div a b) in H by pos
  | context [ln (/ ?a)] => rewrite (ln_Rinv a) in H by pos
  | context [ln (?a ^ ?n)] => rewrite (ln_powN a n) in H by pos
  | context [ln (Rpower ?a ?x)] => rewrite (ln_Rpow a x) in H
  | context [ln (sqrt ?a)] => rewrite (ln_sqrtN a) in H by pos
  | context [ln (exp ?a)] => rewrite (ln_exp a) in H
  | context [ln 1] => rewrite ln_1 in H
  end; cbn [INR] in H.

(** A hypothesis between two positive monomials, as a linear inequality in logarithms. *)
Lemma ln_leN x y : 0 < x -> x <= y -> ln x <= ln y.
Proof. intros Hx [H| -> ]; [left; now apply ln_increasing|right; reflexivity]. Qed.

Ltac to_ln H :=
  lazymatch type of H with
  | ?a > ?b => apply (ln_increasing b a) in H; [lnx_in H | pos]
  | ?a < ?b => apply (ln_increasing a b) in H; [lnx_in H | pos]
  | ?a >= ?b => apply Rge_le in H; apply (ln_leN b a) in H; [lnx_in H | pos]
  | ?a <= ?b => apply (ln_leN a b) in H; [lnx_in H | pos]
  end.

Lemma ln_lt_back x y : 0 < x -> 0 < y -> ln x < ln y -> x < y.
Proof. intros; now apply ln_lt_inv. Qed.

Lemma ln_le_back x y : 0 < x -> 0 < y -> ln x <= ln y -> x <= y.
Proof. intros Hx Hy [H|H]; [left; now apply ln_lt_inv|right; now apply ln_inv]. Qed.

(** Proves a relation between positive monomials (rational exponents included) from linear facts on logarithms. *)
Ltac monomial :=
  lazymatch goal with
  | |- ?a > ?b => apply (ln_lt_back b a); [pos | pos | lnx; lra]
  | |- ?a < ?b => apply (ln_lt_back a b); [pos | pos | lnx; lra]
  | |- ?a >= ?b => apply Rle_ge; apply (ln_le_back b a); [pos | pos | lnx; lra]
  | |- ?a <= ?b => apply (ln_le_back a b); [pos | pos | lnx; lra]
  | |- ?a = ?b => apply ln_inv; [pos | pos | lnx; lra]
  end.

(** ** The two inequalities behind every certificate *)

Definition gap x := x - 1 - ln x.

Lemma gap_ge0 x : 0 < x -> 0 <= gap x.
Proof. intros Hx; unfold gap; generalize (exp_ineq1_le (ln x)); rewrite exp_ln by assumption; lra. Qed.

(** A positive term is at least its tangent in logarithms at a positive value T. *)
Lemma tangent t T : 0 < t -> 0 < T -> t >= T * (1 + (ln t - ln T)).
Proof.
intros Ht HT; assert (H := gap_ge0 (t / T) (Rdiv_lt_0_compat _ _ Ht HT)); unfold gap in H.
rewrite ln_div in H by assumption.
assert (E : t = T * (t / T)) by (field; lra).
apply Rle_ge; rewrite E at 2; apply Rmult_le_compat_l; lra.
Qed.
