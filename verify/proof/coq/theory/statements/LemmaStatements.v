(** The lemmas that the catalogue cites, for matrices of any size. *)
From mathcomp Require Import all_ssreflect all_algebra.
From CollapseAudit Require Import Definitions.
Import Order.Theory GRing.Theory Num.Theory.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

(** lemma-alignment: tr(P Q^-1) >= sum_i p_i / q_i for P = A diag(p) A^T and Q = B diag(q) B^T with p, q descending. *)
Definition lemma_alignment_statement : Prop :=
  forall (R : rcfType) (n : nat) (A B : 'M[R]_n) (p q : nat -> R), orthogonal A -> orthogonal B -> decreasing p -> decreasing q ->
  (forall i, 0 < q i) ->
  \sum_(i < n) p i / q i <= \tr (A *m rdiag n n p *m A^T *m (B *m rdiag n n (fun i => (q i)^-1) *m B^T)).

(** lemma-complete-square, the part with the decoder, M = V V^T + Sigma *)
Definition lemma_complete_square_statement : Prop :=
  forall (F : fieldType) (D d r : nat) (U : 'M[F]_(D, d)) (V : 'M[F]_(d, r)) (Z : 'M[F]_(D, r)) (Sigma : 'M[F]_d),
  let M := V *m V^T + Sigma in M \in unitmx -> Sigma^T = Sigma ->
  let best := Z *m V^T *m invmx M in
  (U *m V - Z) *m (U *m V - Z)^T + U *m Sigma *m U^T
  = (U - best) *m M *m (U - best)^T + Z *m (1%:M - V^T *m invmx M *m V) *m Z^T.

(** lemma-determinant: Sylvester's identity *)
Definition lemma_determinant_statement : Prop :=
  forall (F : fieldType) (d r : nat) (V : 'M[F]_(d, r)) (Sigma : 'M[F]_d), Sigma \in unitmx ->
  \det (V *m V^T + Sigma) = \det Sigma * \det (1%:M + V^T *m invmx Sigma *m V).

(** lemma-whitening: raw inputs with moment H H^T are whitened inputs with V = W H. *)
Definition lemma_whitening_statement : Prop :=
  forall (F : fieldType) (D d r : nat) (U : 'M[F]_(D, d)) (W : 'M[F]_(d, r)) (H : 'M[F]_r) (Z : 'M[F]_(D, r)) (B : 'M[F]_D),
  \tr (U *m W *m (H *m H^T) *m W^T *m U^T) - 2%:R * \tr (U *m W *m (Z *m H^T)^T) + \tr B
  = \tr ((U *m W *m H - Z) *m (U *m W *m H - Z)^T) + \tr B - \tr (Z *m Z^T) /\
  \tr (W *m (H *m H^T) *m W^T) = \tr ((W *m H) *m (W *m H)^T).

(** The singular value decomposition, with sorted values padded by zeros. *)
Definition svd_exists_statement : Prop :=
  forall (R : rcfType) (D r : nat) (Z : 'M[R]_(D, r)), exists P S theta, is_svd Z P S theta.

(** Weyl: M <= N in the Loewner order makes every sorted eigenvalue of M at most that of N. *)
Definition weyl_monotone_statement : Prop :=
  forall (R : rcfType) (n : nat) (M N P Q : 'M[R]_n) (mu nu : nat -> R),
  orthogonal P -> M = P *m rdiag n n mu *m P^T -> decreasing mu -> orthogonal Q -> N = Q *m rdiag n n nu *m Q^T -> decreasing nu ->
  loewner M N -> forall i : 'I_n, mu i <= nu i.

(** Hadamard: log det X <= sum_j log X_jj for X positive definite, with equality for diagonal X only. *)
Definition hadamard_equality_statement : Prop :=
  forall (R : rcfType) (ln : R -> R), logarithm ln -> forall (n : nat) (X : 'M[R]_n), posdef X ->
  ln (\det X) <= \sum_j ln (X j j) /\ (\sum_j ln (X j j) <= ln (\det X) -> forall i j, i != j -> X i j = 0).

(** E |M v|^2 = tr(M E[v v^T] M^T), for E any additive, homogeneous functional: all that an ELBO needs of expectations. *)
Definition expected_squares_statement : Prop :=
  forall (R : comRingType) (Omega : Type) (E : (Omega -> R) -> R),
  (forall n (f : 'I_n -> Omega -> R), E (fun o => \sum_i f i o) = \sum_i E (f i)) ->
  (forall c f, E (fun o => c * f o) = c * E f) -> (forall f g, (forall o, f o = g o) -> E f = E g) ->
  forall (m n : nat) (M : 'M[R]_(m, n)) (v : 'I_n -> Omega -> R),
  E (fun o => \sum_k (\sum_i M k i * v i o) * (\sum_j M k j * v j o)) = \tr (M *m (\matrix_(i, j) E (fun o => v i o * v j o)) *m M^T).
