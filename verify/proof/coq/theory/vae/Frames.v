(** The loss of the linear VAE at frames U = P Omega T^T, V = T Lambda S^T, Sigma = T diag(q) T^T, Z = P Theta S^T is a sum over modes. *)
From mathcomp Require Import all_ssreflect all_algebra ring.
From CollapseAudit Require Import Definitions Diagonals.
Import Order.Theory GRing.Theory Num.Theory.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Section Frames.
Variables (R : rcfType) (ln : R -> R) (beta eta_dec eta_enc : R).
Variables (D d r : nat) (P : 'M[R]_D) (T : 'M[R]_d) (S : 'M[R]_r) (theta omega lambda q : nat -> R).
Hypotheses (PP : orthogonal P) (TT : orthogonal T) (SS : orthogonal S).
Hypothesis theta0 : forall i, (D <= i)%N || (r <= i)%N -> theta i = 0.
Hypothesis omega0 : forall i, theta i = 0 -> omega i = 0.
Hypothesis lambda0 : forall i, theta i = 0 -> lambda i = 0.

Definition frame_U := P *m rdiag D d omega *m T^T.
Definition frame_V := T *m rdiag d r lambda *m S^T.
Definition frame_Sigma := T *m rdiag d d q *m T^T.
Definition frame_Z := P *m rdiag D r theta *m S^T.

Lemma frames_loss :
  vae_loss ln beta eta_dec eta_enc frame_U frame_V frame_Sigma frame_Z
  = \sum_(i < r) ((omega i * lambda i) *+ (i < d)%N - theta i) ^+ 2
    + \sum_(l < d) (omega l ^+ 2 * q l + beta * c eta_dec eta_enc ^+ 2 * (lambda l ^+ 2 + q l))
    - beta * eta_dec ^+ 2 * ln (\prod_(l < d) q l).
Proof.
have TT' : T^T *m T = 1%:M := mulmx1C TT.
rewrite /vae_loss /frame_U /frame_V /frame_Sigma /frame_Z.
have -> : P *m rdiag D d omega *m T^T *m (T *m rdiag d r lambda *m S^T) - P *m rdiag D r theta *m S^T
  = P *m (rdiag D d omega *m rdiag d r lambda - rdiag D r theta) *m S^T.
  by rewrite mulmxBr mulmxBl -!mulmxA [T^T *m (T *m _)]mulmxA TT' mul1mx.
rewrite sqnorm_orth // rdiag_mul rdiagB -sqnorm_tr rdiag_tr sqnorm_rdiag.
have -> : \sum_(i < r) ((omega i * lambda i) *+ (i < d)%N - theta i) ^+ 2 *+ (i < D)%N
        = \sum_(i < r) ((omega i * lambda i) *+ (i < d)%N - theta i) ^+ 2.
  apply: eq_bigr => i _; have [//|Di] := ltnP i D.
  by rewrite omega0 ?theta0 ?Di // mul0r mul0rn subr0 expr0n.
have -> : P *m rdiag D d omega *m T^T *m (T *m rdiag d d q *m T^T) *m (P *m rdiag D d omega *m T^T)^T
  = P *m (rdiag D d omega *m rdiag d d q *m rdiag d D omega) *m P^T.
  rewrite !trmx_mul trmxK rdiag_tr -!mulmxA [T^T *m (T *m _)]mulmxA TT' mul1mx.
  by rewrite [T^T *m (T *m _)]mulmxA TT' mul1mx.
rewrite tr_conj // [X in _ + X + _ - _]mxtrace_mulC mulmxA !rdiag_mul tr_rdiag sqnorm_orth // sqnorm_rdiag.
rewrite tr_conj // tr_rdiag det_conj // -rdiag_diag det_diag.
have -> : \prod_i (\row_(j < d) q j) 0 i = \prod_(l < d) q l by apply: eq_bigr => l _; rewrite mxE.
congr (_ - _); rewrite -!addrA; congr (_ + _); rewrite big_split -mulr_sumr big_split /=; congr (_ + _ * (_ + _)).
  apply: eq_bigr => l _; rewrite ltn_ord /= mulr1n.
  have [//|Dl] := ltnP l D; last by rewrite mulr0n omega0 ?theta0 ?Dl // expr0n mul0r.
apply: eq_bigr => l _; have [//|rl] := ltnP l r.
by rewrite lambda0 ?theta0 ?rl ?orbT // mulr0n expr0n.
Qed.

(** The bound's hypothesis Z^T Z = S diag(t) S^T holds with t_i = theta_i^2. *)
Lemma frame_gram : frame_Z^T *m frame_Z = S *m diag_mx (\row_(i < r) theta i ^+ 2) *m S^T.
Proof.
rewrite /frame_Z !trmx_mul trmxK rdiag_tr -!mulmxA [P^T *m (P *m _)]mulmxA (mulmx1C PP) mul1mx.
congr (_ *m _); rewrite !mulmxA rdiag_mul (rdiag_diag r (fun i => theta i ^+ 2)); congr (_ *m _).
apply/matrixP => i j; rewrite !mxE -expr2; have [//|Di] := ltnP i D.
by rewrite theta0 ?Di // expr0n /= mul0rn.
Qed.
End Frames.
