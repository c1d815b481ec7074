(** The lemmas: each statement of LemmaStatements.v has a proof of exactly that type. *)
From mathcomp Require Import all_ssreflect all_algebra ring.
From CollapseAudit Require Import Definitions Logarithm Matching Diagonals Hadamard SingularValues Identities Weyl Decoder LemmaStatements.
Import Order.Theory GRing.Theory Num.Theory.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Theorem lemma_alignment : lemma_alignment_statement.
Proof.
move=> R n A B p q AA BB pd qd q0; pose W := A^T *m B.
have WW : orthogonal W by rewrite /orthogonal /W trmx_mul trmxK mulmxA -(mulmxA A^T) BB mulmx1 (mulmx1C AA).
pose r i := (q i)^-1; have rd i j : (i <= j)%N -> r i <= r j by move=> ij; rewrite lef_pinv ?posrE // qd.
apply: le_trans (alignment (p := p) (r := r) (S := fun i j => W i j ^+ 2) pd rd _ (orthogonal_rows WW) (orthogonal_cols WW)) _.
  by move=> i j; apply: sqr_ge0.
have -> : \tr (A *m rdiag n n p *m A^T *m (B *m rdiag n n r *m B^T)) = \tr (rdiag n n p *m (W *m rdiag n n r *m W^T)).
  by rewrite -!mulmxA mxtrace_mulC /W trmx_mul trmxK !mulmxA.
rewrite -[rdiag n n p]rdiag_diag le_eqVlt; apply/orP; left; apply/eqP; apply: eq_bigr => i _.
rewrite mul_diag_mx [RHS]mxE [X in X * _]mxE -(rdiag_diag n r) [X in _ * X]mxE mulr_sumr; apply: eq_bigr => j _.
by rewrite mul_mx_diag !mxE expr2; ring.
Qed.

Theorem lemma_complete_square : lemma_complete_square_statement.
Proof. exact: completed_square. Qed.

Theorem lemma_determinant : lemma_determinant_statement.
Proof. exact: determinant_lemma. Qed.

Theorem lemma_whitening : lemma_whitening_statement.
Proof. by move=> *; split; [apply: whitening_reconstruction | apply: whitening_energy]. Qed.

Theorem svd_exists : svd_exists_statement.
Proof. by move=> R D r Z; have [P [S [theta H]]] := svd Z; exists P, S, theta. Qed.

Theorem weyl_monotone : weyl_monotone_statement.
Proof. exact: weyl. Qed.

Theorem hadamard_equality : hadamard_equality_statement.
Proof.
move=> R ln [lnM ln_lt] n X pX; split; first exact: (hadamard lnM (strict_le lnM ln_lt) pX).
exact: (hadamard_eq lnM ln_lt pX).
Qed.

Theorem expected_squares : expected_squares_statement.
Proof. by move=> R Omega E E_sum E_scale E_ext m n M v; apply: expected_square. Qed.
