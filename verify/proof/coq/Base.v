(** What the exported files need: monomials through their logarithms, tangents, weighted sums. *)
From CollapseAudit.Exported Require Export Signs.
Open Scope R_scope.

(** ** Relations between monomials are linear in logarithms *)

Lemma ln_weak x y : 0 < x -> x <= y -> ln x <= ln y.
Proof. intros Hx [H | ->]; [left; now apply ln_increasing | right; reflexivity]. Qed.

Definition seen (P : Prop) : Prop := True.

(** For each hypothesis between positive terms, the same of their logarithms. *)
Ltac logarithm lo hi P lemma H :=
  lazymatch goal with
  | _ : seen P |- _ => fail
  | _ => assert (seen P) by exact I;
         lazymatch lo with
         | 0 => idtac
         | _ => try (let K := fresh in assert (K := lemma lo hi ltac:(positive) H); expand_in K;
                     let T := type of K in assert (seen T) by exact I)
         end
  end.

Lemma ln_strict x y : 0 < x -> x < y -> ln x < ln y.
Proof. apply ln_increasing. Qed.
Lemma ln_strict' x y : 0 < x -> y > x -> ln x < ln y.
Proof. apply ln_increasing. Qed.
Lemma ln_weak' x y : 0 < x -> y >= x -> ln x <= ln y.
Proof. intros; apply ln_weak; [assumption | now apply Rge_le]. Qed.
Lemma ln_same x y : 0 < x -> x = y -> ln x = ln y.
Proof. now intros _ ->. Qed.

Ltac logarithms :=
  repeat match goal with
  | H : ?a < ?b |- _ => logarithm a b (a < b) ln_strict H
  | H : ?a > ?b |- _ => logarithm b a (a > b) ln_strict' H
  | H : ?a <= ?b |- _ => logarithm a b (a <= b) ln_weak H
  | H : ?a >= ?b |- _ => logarithm b a (a >= b) ln_weak' H
  | H : ?a = ?b :> R |- _ => logarithm a b (a = b) ln_same H
  end.

Lemma zero_over x : 0 / x = 0.
Proof. apply Rmult_0_l. Qed.

(** A term that is 0 because a factor is. *)
Ltac zero_in H :=
  repeat first
    [ rewrite Rmult_0_l in H | rewrite Rmult_0_r in H | rewrite Rplus_0_l in H | rewrite Rplus_0_r in H
    | rewrite sqrt_0 in H | rewrite pow_i in H by lia | rewrite zero_over in H | rewrite Rminus_0_r in H ].
Ltac zero :=
  repeat first
    [ rewrite Rmult_0_l | rewrite Rmult_0_r | rewrite Rplus_0_l | rewrite Rplus_0_r
    | rewrite sqrt_0 | rewrite pow_i by lia | rewrite zero_over | rewrite Rminus_0_r ].
Ltac zeros := zero; repeat match goal with H : context [0] |- _ => progress zero_in H end.

(** Nothing positive is at most 0. *)
Ltac below_zero :=
  match goal with
  | H : 0 > ?b |- _ => exfalso; cut (0 < b); [lra | positive]
  | H : 0 >= ?b |- _ => exfalso; cut (0 < b); [lra | positive]
  | H : ?b < 0 |- _ => exfalso; cut (0 <= b); [lra | nonnegative]
  | H : 0 > ?b |- _ => exfalso; cut (0 <= b); [lra | nonnegative]
  | H : ?b <= 0 |- _ => exfalso; cut (0 < b); [lra | positive]
  end.

Ltac apart :=
  repeat match goal with
  | H : _ /\ _ |- _ => destruct H
  | H : _ \/ _ |- _ => destruct H
  | H : True |- _ => clear H
  | H : False |- _ => destruct H
  end.

(** No values meet all hypotheses; [more] says what the logarithms of numbers are. *)
Ltac excluded more :=
  apart;
  match goal with
  | _ => first [assumption | contradiction | lra]
  | _ => solve [zeros; first [lra | below_zero]]
  | _ => solve [logarithms; more; lra]
  | _ => solve [zeros; logarithms; more; lra]
  end.

(** A relation between monomials, because its opposite is excluded. *)
Ltac monomial more :=
  lazymatch goal with
  | |- _ /\ _ => split; monomial more
  | |- ?A \/ ?B =>
      let N := fresh in
      destruct (classic A) as [N | N]; [left; exact N | right; monomial more]
  | |- ~ _ => intro; excluded more
  | |- _ <> _ => intro; excluded more
  | |- True => exact I
  | |- False => excluded more
  | |- _ = _ => apply Rle_antisym; apply Rnot_lt_le; intro; excluded more
  | |- _ > _ => first [assumption | solve [signed] | apply Rnot_le_gt; intro; excluded more]
  | |- _ < _ => first [assumption | solve [signed] | apply Rnot_le_lt; intro; excluded more]
  | |- _ >= _ => first [assumption | solve [signed] | apply Rnot_lt_ge; intro; excluded more]
  | |- _ <= _ => first [assumption | solve [signed] | apply Rnot_lt_le; intro; excluded more]
  end.

Ltac compared ::=
  repeat match goal with
  | H : 0 <= ?x |- _ => is_var x; destruct H as [H | H]; [ | subst x ]
  end;
  monomial idtac.

(** ** Facts and combinations *)

Lemma tangent x : 0 < x -> x - 1 - ln x >= 0.
Proof. intros Hx; generalize (exp_ineq1_le (ln x)); rewrite exp_ln by assumption; lra. Qed.

Lemma strict_tangent x : 0 < x -> x <> 1 -> x - 1 - ln x > 0.
Proof.
intros Hx H; assert (N : ln x <> 0) by (intros E; apply H; rewrite <- (exp_ln x Hx), E; apply exp_0).
generalize (exp_ineq1 (ln x) N); rewrite exp_ln by assumption; lra.
Qed.

Lemma weighted w a b : 0 <= w -> a >= b -> 0 <= w * (a - b).
Proof. intros; apply Rmult_le_pos; lra. Qed.
Lemma weighted_strictly w a b : 0 < w -> a > b -> 0 < w * (a - b).
Proof. intros; apply Rmult_lt_0_compat; lra. Qed.
Lemma weighted_equation w a b : a = b -> w * (a - b) = 0.
Proof. intros ->; ring. Qed.
Lemma sum_weak a b s : a - b = s -> 0 <= s -> a >= b.
Proof. intros; lra. Qed.
Lemma sum_strict a b s : a - b = s -> 0 < s -> a > b.
Proof. intros; lra. Qed.
Lemma sum_zero a b s : a - b = s -> s = 0 -> a = b.
Proof. intros; lra. Qed.

(** The same relation, whose sides are written in another order. *)
Ltac same :=
  first
    [ reflexivity | ring | (unfold Rdiv; ring) | (field; not_zero)
    | match goal with
      | |- ?a = ?b =>
          match a with context [ln ?x] =>
            match b with context [ln ?y] =>
              first [constr_eq x y; fail 1 | replace (ln y) with (ln x) by (f_equal; same)]
            end
          end; same
      | |- ?a = ?b =>
          match a with context [sqrt ?x] =>
            match b with context [sqrt ?y] =>
              first [constr_eq x y; fail 1 | replace (sqrt y) with (sqrt x) by (f_equal; same)]
            end
          end; same
      end ].
Ltac from H :=
  first
    [ exact H | exact (Rle_ge _ _ H) | exact (Rge_le _ _ H)
    | match type of H with
      | ?a >= ?b => match goal with |- ?c >= ?d => replace c with a by same; replace d with b by same; exact H end
      | ?a > ?b => match goal with |- ?c > ?d => replace c with a by same; replace d with b by same; exact H end
      | ?a = ?b => match goal with |- ?c = ?d => replace c with a by same; replace d with b by same; exact H end
      end ].

(** A lemma whose hypotheses are at hand, up to the order in which sums and products are written. *)
Ltac at_hand := first [assumption | lia | solve [signed] | match goal with H : _ |- _ => from H end].
Ltac by_lemma L :=
  first [ solve [apply L; at_hand]
        | let H := fresh in pose proof L as H;
          repeat match type of H with ?P -> _ => let K := fresh in assert (K : P) by at_hand; specialize (H K); clear K end;
          from H ].
