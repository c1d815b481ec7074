(** Theorem 2 of arXiv 2306.05023, every minimiser: it is a minimiser of the residual's VAE (to which VaeMinimisers.v applies), with
    W1 = - W2 C A^-1 and U2 = C A^-1. Also: the residual under correlation, and learnable full variances. *)
From mathcomp Require Import all_ssreflect all_algebra ring.
From CollapseAudit Require Import Definitions Diagonals Hadamard Residual VaeLearnable Stationary CvaeLearnable.
Import Order.Theory GRing.Theory Num.Theory.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Section CvaeMinimisers.
Variables (R : rcfType) (ln : R -> R).
Hypothesis lnM : forall x y, 0 < x -> 0 < y -> ln (x * y) = ln x + ln y.
Hypothesis ln_le : forall x, 0 < x -> ln x <= x - 1.
Variables beta eta_dec eta_enc : R.
Hypotheses (beta0 : 0 < beta) (dec0 : 0 < eta_dec) (enc0 : 0 < eta_enc).
Variables (D0 D N : nat) (X : 'M[R]_(D0, N)) (Y : 'M[R]_(D, N)).
Let A := X *m X^T.
Let B := Y *m Y^T.
Let C := Y *m X^T.
(** P = C A^-1 when A is invertible (lemma invertible of Cvae.v); any solution of the normal equations, which always exists, otherwise *)
Variable P : 'M[R]_(D, D0).
Hypothesis PA : P *m A = C.
Let E := B - P *m C^T.
Variables (Q : 'M[R]_D) (theta : nat -> R).
Hypothesis QQ : orthogonal Q.
Hypothesis theta_pos : forall i, 0 <= theta i.
Hypothesis theta_dec : decreasing theta.
Hypothesis theta_pad : forall i, (D <= i)%N -> theta i = 0.
Hypothesis EQ : E = Q *m rdiag D D (fun i => theta i ^+ 2) *m Q^T.
Variable d : nat.
Let loss := @cvae_loss R ln beta eta_dec eta_enc D0 D d A B C.
Let K := Q *m rdiag D D theta *m Q^T.
Let EK : residual B C P = K *m K^T. Proof. exact: root_moment QQ EQ. Qed.
Let pad i : (D <= i)%N || (D <= i)%N -> theta i = 0. Proof. by rewrite orbb; apply: theta_pad. Qed.
Let value := value_learnable ln beta eta_dec eta_enc d D theta.
Let a := beta * c eta_dec eta_enc ^+ 2.
Let a0 : 0 < a. Proof. by rewrite mulr_gt0 ?exprn_gt0 ?divr_gt0. Qed.

Theorem cvae_minimisers (U1 : 'M[R]_(D, d)) U2 W1 (W2 : 'M[R]_(d, D)) (q : 'rV[R]_d) :
  (forall j, 0 < q 0 j) -> loss U1 U2 W1 W2 (diag_mx q) <= value ->
  [/\ (W1 + W2 *m P) *m A = 0, (U2 - P) *m A = 0,
      A \in unitmx -> W1 = - (W2 *m P) /\ U2 = P
    & vae_loss ln beta eta_dec eta_enc U1 (W2 *m K) (diag_mx q) K <= value].
Proof.
move=> q0; rewrite /loss (cvae_split (erefl : A = X *m X^T) PA ln beta eta_dec eta_enc EK) -/a => le.
have low := vae_learnable_minimum lnM ln_le beta0 dec0 enc0 QQ QQ theta_pos theta_dec pad U1 (W2 *m K) q0.
set s1 := sqnorm _ in le; set s2 := sqnorm ((W1 + W2 *m P) *m X) in le.
have s10 : 0 <= s1 := sqnorm_ge0 _; have s20 : 0 <= a * s2 := mulr_ge0 (ltW a0) (sqnorm_ge0 _).
have tot : s1 + a * s2 <= 0.
  by move: (le_trans le low); rewrite -addrA ger_addl.
have z1 : s1 = 0 by apply/eqP; rewrite eq_le s10 andbT (le_trans _ tot) // ler_addl.
have z2 : s2 = 0.
  by apply/eqP; rewrite -(mulrI_eq0 _ (lregP (lt0r_neq0 a0))) eq_le s20 andbT (le_trans _ tot) // ler_addr.
have w1 : (W1 + W2 *m P) *m X = 0 := sqnorm_eq0 z2.
have w2 : (U2 - P) *m X = 0.
  by have := sqnorm_eq0 z1; rewrite mulmxDl -mulmxA w1 mulmx0 add0r.
have z m (M : 'M[R]_(m, D0)) : M *m X = 0 -> M *m A = 0 by move=> e; rewrite /A mulmxA e mul0mx.
split; [exact: (z _ _ w1) | exact: (z _ _ w2) | move=> uA | by apply: le_trans le; rewrite -addrA ler_addl addr_ge0].
have cancel m (M : 'M[R]_(m, D0)) : M *m A = 0 -> M = 0 by move=> e; rewrite -[M]mulmx1 -(mulmxV uA) mulmxA e mul0mx.
split; apply/eqP; first by rewrite -addr_eq0 (cancel _ _ (z _ _ w1)).
by rewrite -subr_eq0 (cancel _ _ (z _ _ w2)).
Qed.
End CvaeMinimisers.

(** cvae-correlation: A = B, C = rho B (x = rho y + sqrt(1 - rho^2) n, E[n n^T] = B, E[y n^T] = 0): E = (1 - rho^2) B *)
Theorem residual_correlation (R : rcfType) D (B P : 'M[R]_D) (rho : R) : B^T = B ->
  P *m B = rho *: B -> residual B (rho *: B) P = (1 - rho ^+ 2) *: B.
Proof.
move=> BT PB; rewrite /residual linearZ /= BT -scalemxAr PB scalerA scalerBl scale1r expr2 //.
Qed.

(** vae-learnable with a FULL variance: no positive definite Sigma does better than a diagonal one *)
Theorem vae_learnable_full (R : rcfType) (ln : R -> R) :
  (forall x y, 0 < x -> 0 < y -> ln (x * y) = ln x + ln y) -> (forall x, 0 < x -> ln x <= x - 1) ->
  forall beta eta_dec eta_enc : R, 0 < beta -> 0 < eta_dec -> 0 < eta_enc ->
  forall D d r (P : 'M[R]_D) (S : 'M[R]_r) (theta : nat -> R), orthogonal P -> orthogonal S -> (forall i, 0 <= theta i) ->
  decreasing theta -> (forall i, (D <= i)%N || (r <= i)%N -> theta i = 0) ->
  forall (U : 'M[R]_(D, d)) (V : 'M[R]_(d, r)) (Sigma : 'M[R]_d), posdef Sigma ->
  value_learnable ln beta eta_dec eta_enc d r theta <= vae_loss ln beta eta_dec eta_enc U V Sigma (P *m rdiag D r theta *m S^T).
Proof.
move=> lnM ln_le beta eta_dec eta_enc b0 d0 e0 D d r P S theta PP SS t0 td tp U V Sigma /posdef_eigen [T [mu [TT TM mu0]]].
rewrite -(vae_loss_rotate ln beta eta_dec eta_enc _ U V Sigma TT) TM.
exact: (vae_learnable_minimum lnM ln_le b0 d0 e0 PP SS t0 td tp).
Qed.
