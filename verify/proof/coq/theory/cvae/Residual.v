(** cvae-residual-reduction: minimised over U2 and W1, the CVAE is the VAE of the residual y - P x, where P A = C (P = C A^-1 if A is
    invertible); such a P always exists. *)
From mathcomp Require Import all_ssreflect all_algebra ring.
From CollapseAudit Require Import Definitions Spectral Diagonals.
Import Order.Theory GRing.Theory Num.Theory.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Section Residual.
Variables (R : rcfType) (D0 D : nat).
Variables (A : 'M[R]_D0) (B : 'M[R]_D) (C : 'M[R]_(D, D0)) (P : 'M[R]_(D, D0)).
(** A is positive semidefinite (written as a Gram matrix: lemma psd_gram below) *)
Variables (N : nat) (X : 'M[R]_(D0, N)).
Hypothesis AX : A = X *m X^T.
(** the normal equations; P = C A^-1 when A is invertible, P = C A^+ in general *)
Hypothesis PA : P *m A = C.

(** the second moment of the residual y - P x: B - C A^-1 C^T *)
Definition residual := B - P *m C^T.

Let AT : A^T = A. Proof. by rewrite AX trmx_mul trmxK. Qed.
Let CT : C^T = A *m P^T. Proof. by rewrite -PA trmx_mul AT. Qed.

Lemma expected_sqnorm_residual m (G : 'M[R]_(m, D0)) (H : 'M[R]_(m, D)) :
  expected_sqnorm A B C G H = sqnorm ((G + H *m P) *m X) + \tr (H *m residual *m H^T).
Proof.
have -> : sqnorm ((G + H *m P) *m X) = \tr ((G + H *m P) *m A *m (G + H *m P)^T).
  by rewrite /sqnorm trmx_mul mulmxA -(mulmxA _ X) AX.
rewrite /expected_sqnorm /residual CT -PA linearD /= trmx_mul !mulmxDr !mulmxDl mulmxN mulNmx !mxtraceD raddfN /= !mulmxA.
move: (\tr (G *m A *m G^T)) (\tr (G *m A *m P^T *m H^T)) (\tr (H *m P *m A *m G^T)) (\tr (H *m P *m A *m P^T *m H^T)).
by move: (\tr (H *m B *m H^T)) => b g1 g2 g3 g4; ring.
Qed.

Variables (ln : R -> R) (beta eta_dec eta_enc : R).
Hypothesis beta0 : 0 < beta.
Let loss d := @cvae_loss R ln beta eta_dec eta_enc D0 D d A B C.

(** K is any square root of the residual's moment: E = K K^T *)
Variables (n : nat) (K : 'M[R]_(D, n)).
Hypothesis EK : residual = K *m K^T.

Lemma residual_sqnorm m (H : 'M[R]_(m, D)) : \tr (H *m residual *m H^T) = sqnorm (H *m K).
Proof. by rewrite EK /sqnorm trmx_mul !mulmxA. Qed.

(** the CVAE loss is the residual's VAE loss and two squares *)
Theorem cvae_split d (U1 : 'M[R]_(D, d)) (U2 : 'M[R]_(D, D0)) (W1 : 'M[R]_(d, D0)) (W2 : 'M[R]_(d, D)) (Sigma : 'M[R]_d) :
  loss U1 U2 W1 W2 Sigma
  = vae_loss ln beta eta_dec eta_enc U1 (W2 *m K) Sigma K
    + sqnorm ((U1 *m (W1 + W2 *m P) + (U2 - P)) *m X) + beta * c eta_dec eta_enc ^+ 2 * sqnorm ((W1 + W2 *m P) *m X).
Proof.
rewrite /loss /cvae_loss !expected_sqnorm_residual !residual_sqnorm /vae_loss.
have -> : U1 *m W1 + U2 + (U1 *m W2 - 1%:M) *m P = U1 *m (W1 + W2 *m P) + (U2 - P).
  by rewrite mulmxBl mul1mx mulmxDr mulmxA addrACA.
have -> : (U1 *m W2 - 1%:M) *m K = U1 *m (W2 *m K) - K by rewrite mulmxBl mul1mx mulmxA.
move: (sqnorm _) (sqnorm _) (sqnorm _) (sqnorm _) (\tr _) (\tr _) => s1 s2 s3 s4 t1 t2.
by move: (beta * c _ _ ^+ 2) (beta * _ * ln _) => x y; ring.
Qed.

(** cvae-residual-reduction, the bound ... *)
Theorem cvae_residual_bound d (U1 : 'M[R]_(D, d)) U2 W1 (W2 : 'M[R]_(d, D)) (Sigma : 'M[R]_d) :
  vae_loss ln beta eta_dec eta_enc U1 (W2 *m K) Sigma K <= loss U1 U2 W1 W2 Sigma.
Proof.
have b0 : 0 <= beta * c eta_dec eta_enc ^+ 2 by rewrite mulr_ge0 ?sqr_ge0 // ltW.
rewrite cvae_split -addrA ler_addl; apply: addr_ge0; first exact: sqnorm_ge0.
by apply: mulr_ge0 => //; exact: sqnorm_ge0.
Qed.

(** ... attained at W1 = - W2 C A^-1, U2 = C A^-1 *)
Theorem cvae_residual_attained d (U1 : 'M[R]_(D, d)) (W2 : 'M[R]_(d, D)) (Sigma : 'M[R]_d) :
  loss U1 P (- (W2 *m P)) W2 Sigma = vae_loss ln beta eta_dec eta_enc U1 (W2 *m K) Sigma K.
Proof.
have z m : sqnorm (0 : 'M[R]_(m, N)) = 0 by rewrite /sqnorm mul0mx mxtrace0.
by rewrite cvae_split addNr mulmx0 add0r subrr !mul0mx !z mulr0 !addr0.
Qed.
End Residual.

(** Where the hypotheses come from: data matrices X, Y (a column per sample), A = X X^T, B = Y Y^T, C = Y X^T. *)
Section Normal.
Variables (R : rcfType).

Lemma gram_kernel m n (X : 'M[R]_(m, n)) (v : 'rV[R]_m) : v *m (X *m X^T) = 0 -> v *m X = 0.
Proof.
move=> e; apply: sqn_eq0; rewrite trmx_mul mulmxA -(mulmxA v) e mul0mx.
by rewrite mxE.
Qed.

(** the normal equations always have a solution *)
Lemma normal_equations D0 D N (X : 'M[R]_(D0, N)) (Y : 'M[R]_(D, N)) : exists P, P *m (X *m X^T) = Y *m X^T.
Proof.
have rk : \rank (X *m X^T) = \rank X.
  apply/eqP; rewrite eqn_leq mxrankM_maxl /=.
  have sub : (kermx (X *m X^T) <= kermx X)%MS.
    apply/row_subP => i; rewrite sub_kermx; apply/eqP; apply: gram_kernel.
    by apply/sub_kermxP; exact: row_sub.
  have := mxrankS sub; rewrite !mxrank_ker => H.
  by rewrite -[X in (_ <= X)%N](subKn (rank_leq_row (X *m X^T))) -[X in (X <= _)%N](subKn (rank_leq_row X)) leq_sub2l.
have le : (X *m X^T <= X^T)%MS := submxMl _ _.
have eq : (X *m X^T == X^T)%MS by rewrite -(mxrank_leqif_eq le) mxrank_tr rk.
have : (Y *m X^T <= X *m X^T)%MS by rewrite (eqmxP eq) submxMl.
by move=> /submxP [P PE]; exists P.
Qed.

(** the residual's moment is the Gram matrix of the residuals *)
Lemma residual_gram D0 D N (X : 'M[R]_(D0, N)) (Y : 'M[R]_(D, N)) P : P *m (X *m X^T) = Y *m X^T ->
  residual (Y *m Y^T) (Y *m X^T) P = (Y - P *m X) *m (Y - P *m X)^T.
Proof.
move=> PA; have PXX : P *m X *m X^T = Y *m X^T by rewrite -mulmxA.
rewrite /residual linearB /= !trmx_mul trmxK mulmxBr !mulmxBl !mulmxA PXX.
by rewrite subrr subr0.
Qed.
End Normal.
