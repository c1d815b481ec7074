(** vae-learnable, the loss as a function of decoder and encoder: for given variances it is a sum over the columns of U, and with the
    best full variance it is never below the least loss. VaeMinimisers.v squeezes a minimiser between the two. *)
From mathcomp Require Import all_ssreflect all_algebra ring.
From CollapseAudit Require Import Definitions Logarithm Spectral Diagonals Decoder VaeLearnable.
Import Order.Theory GRing.Theory Num.Theory.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Section Profile.
Variables (R : rcfType) (ln : R -> R).
Hypothesis lnM : forall x y, 0 < x -> 0 < y -> ln (x * y) = ln x + ln y.
Hypothesis ln_lt : forall x, 0 < x -> x != 1 -> ln x < x - 1.
Variables beta eta_dec eta_enc : R.
Hypotheses (beta0 : 0 < beta) (dec0 : 0 < eta_dec) (enc0 : 0 < eta_enc).
Variables (D d r : nat) (P : 'M[R]_D) (S : 'M[R]_r) (theta : nat -> R).
Hypotheses (PP : orthogonal P) (SS : orthogonal S).
Hypothesis theta_pos : forall i, 0 <= theta i.
Hypothesis theta_dec : decreasing theta.
Hypothesis theta_pad : forall i, (D <= i)%N || (r <= i)%N -> theta i = 0.
Let Z := P *m rdiag D r theta *m S^T.
Let loss := vae_loss ln beta eta_dec eta_enc.
Let value := value_learnable ln beta eta_dec eta_enc d r theta.
Let w := beta * eta_dec ^+ 2.
Let a := beta * c eta_dec eta_enc ^+ 2.
Let w0 : 0 < w. Proof. by rewrite mulr_gt0 ?exprn_gt0. Qed.
Let a0 : 0 < a. Proof. by rewrite mulr_gt0 ?exprn_gt0 ?divr_gt0. Qed.
Let wa : w / a = eta_enc ^+ 2. Proof. by rewrite /w /a /c; field; rewrite !lt0r_neq0. Qed.
Let ln_le := strict_le lnM ln_lt.

(** what the encoder sees, the variance apart *)
Definition encoder_part (U : 'M[R]_(D, d)) (V : 'M[R]_(d, r)) := sqnorm (U *m V - Z) + a * sqnorm V.
Lemma loss_split U V (q : 'rV[R]_d) : (forall j, 0 < q 0 j) ->
  loss U V (diag_mx q) Z = encoder_part U V + \sum_j (q 0 j * ((U^T *m U) j j + a) - w * ln (q 0 j)).
Proof.
move=> q0; rewrite /loss /vae_loss (lndet_diag lnM) // -/a -/w.
have -> : \tr (U *m diag_mx q *m U^T) = \sum_j q 0 j * (U^T *m U) j j.
  by rewrite mxtrace_mulC mulmxA; apply: eq_bigr => j _; rewrite mul_mx_diag mxE mulrC.
have -> : \sum_j (q 0 j * ((U^T *m U) j j + a) - w * ln (q 0 j))
  = \sum_j q 0 j * (U^T *m U) j j + a * \tr (diag_mx q) - w * \sum_j ln (q 0 j).
  by rewrite mxtrace_diag !mulr_sumr -big_split -sumrB; apply: eq_bigr => j _ /=; rewrite mulrDr [a * _]mulrC.
rewrite /encoder_part; move: (sqnorm _) (\sum_j _) (\tr _) (\sum_j _) (sqnorm _) => x1 x2 x3 x4 x5; ring.
Qed.

Variables (U : 'M[R]_(D, d)) (V : 'M[R]_(d, r)).
(** squared norm of the j-th column of U *)
Let omega2 j := (U^T *m U) j j.
Let N := U^T *m U + a%:M.

Let omega2_ge0 j : 0 <= omega2 j.
Proof. by rewrite /omega2 mxE sumr_ge0 // => i _; rewrite [X in X * _]mxE -expr2 sqr_ge0. Qed.
Let Nj j : N j j = omega2 j + a. Proof. by rewrite mxE [(a%:M) j j]mxE eqxx. Qed.
Let Nj0 j : 0 < omega2 j + a. Proof. by rewrite ltr_paddl. Qed.

Lemma posdef_decoder : posdef N.
Proof.
split=> [|v v0]; first by rewrite /N linearD /= trmx_mul trmxK tr_scalar_mx.
have -> : v *m N *m v^T = v *m U^T *m (v *m U^T)^T + a *: (v *m v^T).
  by rewrite /N mulmxDr mulmxDl mul_mx_scalar -scalemxAl trmx_mul trmxK !mulmxA.
rewrite mxE [X in _ + X]mxE ltr_paddl ?sqn_ge0 // mulr_gt0 // lt_neqAle sqn_ge0 andbT eq_sym.
by apply: contra_neq v0 => /sqn_eq0.
Qed.

(** the least loss for the decoder U and encoder V over full variances is a loss of the rotated problem *)
Lemma full_value : value <= encoder_part U V + w * ln (\det N) + (w - w * ln w) *+ d.
Proof.
have [Q [g [QQ QU]]] := decoder_spectral U a0; have g0 := decoder_g0 a0 QU.
have g1 j : 0 < a * (1 + g 0 j) by rewrite mulr_gt0 // ltr_paddr ?ltr01.
pose q' : 'rV[R]_d := \row_j (w / (a * (1 + g 0 j))).
have q1 j : 0 < q' 0 j by rewrite mxE divr_gt0.
have := vae_learnable_minimum lnM ln_le beta0 dec0 enc0 PP SS theta_pos theta_dec theta_pad (U *m Q^T) (Q *m V) q1.
rewrite -/value -/loss -/Z loss_split // => H; apply: le_trans H _.
have -> : encoder_part (U *m Q^T) (Q *m V) = encoder_part U V.
  rewrite /encoder_part mulmxA -(mulmxA U) (mulmx1C QQ) mulmx1 -[sqnorm (Q *m V)]sqnorm_tr trmx_mul sqnormM ?trmxK ?sqnorm_tr //.
  exact: mulmx1C.
have NQ : Q *m N *m Q^T = diag_mx (\row_j (a * (1 + g 0 j))).
  rewrite /N mulmxDr mulmxDl QU mul_mx_scalar -scalemxAl QQ; apply/matrixP => i j; rewrite !mxE.
  by case: (i == j); rewrite ?mulr1n ?mulr0n ?mulr0 ?addr0 // mulr1 mulrDr mulr1 addrC.
have -> : ln (\det N) = \sum_j ln (a * (1 + g 0 j)).
  rewrite -(det_conj N QQ) NQ det_diag (ln_prod lnM) => [|j]; last by rewrite mxE.
  by apply: eq_bigr => j _; rewrite mxE.
have -> : (w - w * ln w) *+ d = \sum_(j < d) (w - w * ln w) by rewrite sumr_const card_ord.
rewrite -addrA ler_add2l mulr_sumr -big_split /=; apply: ler_sum => j _.
have -> : ((U *m Q^T)^T *m (U *m Q^T)) j j + a = a * (1 + g 0 j).
  have -> : (U *m Q^T)^T *m (U *m Q^T) = a *: diag_mx g by rewrite -QU trmx_mul trmxK !mulmxA.
  by rewrite !mxE eqxx mulr1n mulrDr mulr1 addrC.
rewrite [q' 0 j]mxE divfK ?lt0r_neq0 // (lnM w0) ?invr_gt0 // (lnV lnM) //.
by rewrite le_eqVlt; apply/orP; left; apply/eqP; ring.
Qed.

End Profile.
