(** Squared Frobenius norms, sums over modes, and rectangular diagonal matrices [rdiag m n f] (f 0, f 1, ... on the diagonal). *)
From mathcomp Require Import all_ssreflect all_algebra ring.
From CollapseAudit Require Import Definitions.
Import Order.Theory GRing.Theory Num.Theory.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Section Sums.
Variable R : rcfType.

Lemma sqnormE m n (M : 'M[R]_(m, n)) : sqnorm M = \sum_i \sum_j M i j ^+ 2.
Proof. by apply: eq_bigr => i _; rewrite mxE; apply: eq_bigr => j _; rewrite mxE expr2. Qed.

Lemma sqnorm_ge0 m n (M : 'M[R]_(m, n)) : 0 <= sqnorm M.
Proof. by rewrite sqnormE sumr_ge0 // => i _; rewrite sumr_ge0 // => j _; rewrite sqr_ge0. Qed.

Lemma sqnorm_tr m n (M : 'M[R]_(m, n)) : sqnorm M^T = sqnorm M.
Proof. by rewrite /sqnorm trmxK mxtrace_mulC. Qed.

Lemma sqnormM m n p (Q : 'M[R]_(n, p)) (M : 'M[R]_(m, n)) : Q *m Q^T = 1%:M -> sqnorm (M *m Q) = sqnorm M.
Proof. by move=> QQ; rewrite /sqnorm trmx_mul mulmxA -(mulmxA M) QQ mulmx1. Qed.

Lemma sqnorm_orth m n (P : 'M[R]_m) (M : 'M[R]_(m, n)) (Q : 'M[R]_n) :
  orthogonal P -> orthogonal Q -> sqnorm (P *m M *m Q^T) = sqnorm M.
Proof.
move=> PP QQ; rewrite sqnormM ?trmxK; last exact: mulmx1C.
by rewrite -sqnorm_tr trmx_mul sqnormM ?trmxK ?sqnorm_tr //; apply: mulmx1C.
Qed.

Lemma tr_conj n (P X : 'M[R]_n) : orthogonal P -> \tr (P *m X *m P^T) = \tr X.
Proof. by move=> PP; rewrite mxtrace_mulC mulmxA (mulmx1C PP) mul1mx. Qed.

Lemma det_conj n (P X : 'M[R]_n) : orthogonal P -> \det (P *m X *m P^T) = \det X.
Proof. by move=> PP; rewrite !det_mulmx mulrAC -det_mulmx PP det1 mul1r. Qed.

(** sums over a row or column of a rectangular diagonal *)
Lemma sum_diag n (a : nat) (f : nat -> R) : \sum_(j < n) f j *+ (a == j :> nat) = f a *+ (a < n)%N.
Proof.
have [an|na] := ltnP a n.
  rewrite (bigD1 (Ordinal an)) //= eqxx big1 ?addr0 // => j ja.
  by case: eqP => // e; case/eqP: ja; apply: val_inj.
by rewrite big1 // => j _; case: eqP => // e; move: na; rewrite e leqNgt ltn_ord.
Qed.

Lemma sqnorm_rdiag m n (f : nat -> R) : sqnorm (rdiag m n f) = \sum_(i < m) f i ^+ 2 *+ (i < n)%N.
Proof.
rewrite sqnormE; apply: eq_bigr => i _; rewrite -(sum_diag n i (fun i => f i ^+ 2)); apply: eq_bigr => j _.
by rewrite mxE; case: eqP => [-> //|_]; rewrite expr0n.
Qed.

Lemma rdiag_mul m n p (f g : nat -> R) : rdiag m n f *m rdiag n p g = rdiag m p (fun i => (f i * g i) *+ (i < n)%N).
Proof.
apply/matrixP => i j; rewrite !mxE -mulrnA mulnC mulrnA.
rewrite -(sum_diag n i (fun i => (f i * g i) *+ (i == j :> nat))); apply: eq_bigr => l _; rewrite !mxE.
case: (i =P l :> nat) => [->|_]; last by rewrite !mulr0n mul0r.
by rewrite !mulr1n mulrnAr.
Qed.

Lemma rdiagB m n (f g : nat -> R) : rdiag m n f - rdiag m n g = rdiag m n (fun i => f i - g i).
Proof. by apply/matrixP => i j; rewrite !mxE mulrnBl. Qed.

Lemma rdiag_tr m n (f : nat -> R) : (rdiag m n f)^T = rdiag n m f.
Proof. by apply/matrixP => i j; rewrite !mxE eq_sym; case: (i =P j :> nat) => // ->. Qed.

Lemma rdiag_diag n (f : nat -> R) : diag_mx (\row_(j < n) f j) = rdiag n n f.
Proof. by apply/matrixP => i j; rewrite !mxE -val_eqE /=; case: (i =P j :> nat) => // ->. Qed.

Lemma tr_rdiag n (f : nat -> R) : \tr (rdiag n n f) = \sum_(i < n) f i.
Proof. by apply: eq_bigr => i _; rewrite mxE eqxx. Qed.

Lemma frame_square m n p (A : 'M[R]_m) (X : 'M[R]_(m, n)) (B : 'M[R]_(n, p)) : A^T *m A = 1%:M -> B *m B^T = 1%:M ->
  sqnorm (A *m X *m B) = sqnorm X.
Proof.
by move=> AA BB; rewrite sqnormM // -sqnorm_tr trmx_mul sqnormM ?sqnorm_tr // trmxK.
Qed.

(** *** Sequences that are 0 beyond a dimension *)

Lemma pad n N (f : nat -> R) : (n <= N)%N -> (forall j, (n <= j)%N -> f j = 0) -> \sum_(j < N) f j = \sum_(j < n) f j.
Proof.
move=> nN fz; rewrite (big_ord_widen _ f nN) [RHS]big_mkcond /=.
by apply: eq_bigr => j _; case: ltnP => // /fz.
Qed.

Local Notation within := (@within R).


Lemma rdiag_ext m n f g : (forall i, (i < m)%N -> (i < n)%N -> f i = g i) -> rdiag m n f = rdiag m n g :> 'M[R]_(m, n).
Proof. by move=> fg; apply/matrixP => i j; rewrite !mxE; case: eqP => // ij; rewrite fg // ij. Qed.

Lemma rdiag_mul_within m n p f g : within n (fun i => f i * g i) ->
  rdiag m n f *m rdiag n p g = rdiag m p (fun i => f i * g i) :> 'M[R]_(m, p).
Proof. by move=> fg; rewrite rdiag_mul; apply: rdiag_ext => i _ _; case: ltnP => // /fg ->. Qed.

Lemma rdiag_add m n f g : rdiag m n f + rdiag m n g = rdiag m n (fun i => f i + g i) :> 'M[R]_(m, n).
Proof. by apply/matrixP => i j; rewrite !mxE mulrnDl. Qed.

Lemma one_rdiag n : 1%:M = rdiag n n (fun i => (i < n)%N%:R) :> 'M[R]_n.
Proof. by apply/matrixP => i j; rewrite !mxE ltn_ord. Qed.

Lemma rdiag_trace n N f : within n f -> (n <= N)%N -> \tr (rdiag n n f : 'M[R]_n) = \sum_(i < N) f i.
Proof. by move=> fn nN; rewrite (pad nN fn); apply: eq_bigr => i _; rewrite mxE eqxx. Qed.

Lemma rdiag_square m n N f : within m f -> within n f -> (m <= N)%N -> sqnorm (rdiag m n f : 'M[R]_(m, n)) = \sum_(i < N) f i ^+ 2.
Proof.
move=> fm fn mN; rewrite /sqnorm rdiag_tr rdiag_mul_within => [|i /fn ->]; last by rewrite mul0r.
by rewrite (rdiag_trace _ mN) => [|i /fm ->]; rewrite ?mul0r //; apply: eq_bigr => i _; rewrite expr2.
Qed.

End Sums.

