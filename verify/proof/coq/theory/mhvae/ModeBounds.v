(** One mode of a hierarchy with two levels: its share of the loss, and one lower bound for all regions of all the theorems.
    q_1, q_2 are the variances of the mode, s_1 = E z_1^2 >= q_1 and s_2 = E z_2^2 >= q_2 its second moments.
    [both]: the mode passes through both levels. [bottom]: a narrower second level cuts it (d_2 <= i < d_1). [above]: a
    narrower first level cuts it (d_1 <= i < d_2). Each term is bounded by its tangent in logarithms at a value T. *)
From Coq Require Import Reals Lra.
From CollapseAudit Require Import Monomials.
Open Scope R_scope.

Section Modes.
Variables beta_1 beta_2 eta_dec eta_enc : R.
Hypotheses (B1 : 0 < beta_1) (B2 : 0 < beta_2) (Hd : 0 < eta_dec) (He : 0 < eta_enc).

Definition both theta s_1 q_1 s_2 q_2 := theta ^ 2 * (q_1 / s_1) + beta_1 * (s_1 * (q_2 / s_2))
  + beta_2 * (eta_dec / eta_enc) ^ 2 * s_2 - eta_dec ^ 2 * (beta_1 * ln q_1 + beta_2 * ln q_2).
Definition bottom theta s_1 q_1 := theta ^ 2 * (q_1 / s_1) + beta_1 * s_1 - eta_dec ^ 2 * (beta_1 * ln q_1).
Definition above theta s_2 q_2 := theta ^ 2 + beta_2 * (eta_dec / eta_enc) ^ 2 * s_2 - eta_dec ^ 2 * (beta_2 * ln q_2).

(** What the tangents at T_1 <= T_2 <= T_3 leave when s_1 >= q_1 and s_2 >= q_2. *)
Definition first T theta := T + T * (ln (theta ^ 2) - ln T).
Definition second T := T + T * (ln beta_1 - ln T).
Definition third T := T + T * (ln (beta_2 * (eta_dec / eta_enc) ^ 2) - ln T).

(** T_1 = 0 where theta = 0: the term is absent. *)
Lemma first_le theta T s q : 0 <= theta -> (0 < theta -> 0 < T) -> (theta = 0 -> T = 0) -> 0 < q -> q <= s ->
  first T theta - T * (ln s - ln q) <= theta ^ 2 * (q / s).
Proof.
intros [P| <- ] H H0 Q S; unfold first; [|rewrite (H0 eq_refl); replace (0 ^ 2) with 0 by ring; lra].
generalize (tangent (theta ^ 2 * (q / s)) T ltac:(assert (0 < s) by lra; pos) (H P)); assert (0 < s) by lra; lnx; intros; lra.
Qed.

Lemma weight x y s q : 0 < q -> q <= s -> x <= y -> 0 <= (y - x) * (ln s - ln q).
Proof. intros Q S H; apply Rmult_le_pos; [lra|]; generalize (ln_leN q s Q S); lra. Qed.

Lemma both_bound theta s_1 q_1 s_2 q_2 T_1 T_2 T_3 : 0 <= theta -> (0 < theta -> 0 < T_1) -> (theta = 0 -> T_1 = 0) ->
  0 < T_2 -> T_1 <= T_2 -> T_2 <= T_3 -> 0 < q_1 -> q_1 <= s_1 -> 0 < q_2 -> q_2 <= s_2 ->
  first T_1 theta + second T_2 + third T_3 + (T_2 - eta_dec ^ 2 * beta_1) * ln q_1 + (T_3 - eta_dec ^ 2 * beta_2) * ln q_2
  <= both theta s_1 q_1 s_2 q_2.
Proof.
intros Ht P1 Z1 P2 H12 H23 Q1 S1 Q2 S2; unfold both, second, third; assert (0 < s_1) by lra; assert (0 < s_2) by lra.
generalize (first_le theta T_1 s_1 q_1 Ht P1 Z1 Q1 S1) (weight T_1 T_2 s_1 q_1 Q1 S1 H12) (weight T_2 T_3 s_2 q_2 Q2 S2 H23).
generalize (tangent (beta_1 * (s_1 * (q_2 / s_2))) T_2 ltac:(pos) P2).
generalize (tangent (beta_2 * (eta_dec / eta_enc) ^ 2 * s_2) T_3 ltac:(pos) ltac:(lra)); lnx; intros; lra.
Qed.

Lemma bottom_bound theta s q T_1 T_2 : 0 <= theta -> (0 < theta -> 0 < T_1) -> (theta = 0 -> T_1 = 0) ->
  0 < T_2 -> T_1 <= T_2 -> 0 < q -> q <= s ->
  first T_1 theta + second T_2 + (T_2 - eta_dec ^ 2 * beta_1) * ln q <= bottom theta s q.
Proof.
intros Ht P1 Z1 P2 H Q S; unfold bottom, second; assert (0 < s) by lra.
generalize (first_le theta T_1 s q Ht P1 Z1 Q S) (weight T_1 T_2 s q Q S H) (tangent (beta_1 * s) T_2 ltac:(pos) P2); lnx; intros; lra.
Qed.

Lemma above_bound theta s q T : 0 < T -> 0 < q -> q <= s ->
  theta ^ 2 + third T + (T - eta_dec ^ 2 * beta_2) * ln q <= above theta s q.
Proof.
intros P Q S; unfold above, third; assert (0 < s) by lra; assert (W := weight 0 T s q Q S ltac:(lra)).
generalize (tangent (beta_2 * (eta_dec / eta_enc) ^ 2 * s) T ltac:(pos) P); lnx; intros; lra.
Qed.
End Modes.

(** A non-negative number is 0 or positive, as a bound at theta needs it: T_1 is theta^2, or theta > 0. *)
Lemma square_or_zero theta : (0 < theta -> 0 < theta ^ 2) /\ (theta = 0 -> theta ^ 2 = 0).
Proof. split; [intros; pos|intros ->; ring]. Qed.

Lemma zero_sq : 0 ^ 2 = 0. Proof. ring. Qed.

(** A region with theta^2 above a positive threshold holds theta > 0 only. *)
Lemma above_pos theta x : 0 <= theta -> 0 < x -> x < theta ^ 2 -> 0 < theta.
Proof. intros [H| <- ] P C; [assumption|rewrite zero_sq in C; lra]. Qed.
