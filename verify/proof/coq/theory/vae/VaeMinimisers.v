(** vae-learnable, every minimiser (U, V, diag q): U^T U is diagonal, the columns of U are left singular vectors of Z, and the active
    ones carry exactly the d largest theta_i above the threshold; V and q follow; zero columns are prior-collapsed. *)
From mathcomp Require Import all_ssreflect all_algebra ring.
From CollapseAudit Require Import Definitions Logarithm Matching Hadamard ModesEquality Decoder VaeLearnable VaeFixed Stationary VaeProfile.
Import Order.Theory GRing.Theory Num.Theory.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Section Minimisers.
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

Let enc := @encoder_part R beta eta_dec eta_enc D d r P S theta.

Variables (U : 'M[R]_(D, d)) (V : 'M[R]_(d, r)) (q : 'rV[R]_d).
Hypothesis q0 : forall j, 0 < q 0 j.
Hypothesis minimal : loss U V (diag_mx q) Z <= value.

(** squared norm of the j-th column of U *)
Let omega2 j := (U^T *m U) j j.
Let N := U^T *m U + a%:M.

Let omega2_ge0 j : 0 <= omega2 j.
Proof. by rewrite /omega2 mxE sumr_ge0 // => i _; rewrite [X in X * _]mxE -expr2 sqr_ge0. Qed.
Let Nj j : N j j = omega2 j + a. Proof. by rewrite mxE [(a%:M) j j]mxE eqxx. Qed.
Let Nj0 j : 0 < omega2 j + a. Proof. by rewrite ltr_paddl. Qed.

Let posN : posdef N := posdef_decoder beta0 dec0 enc0 U.
Let had := hadamard lnM ln_le posN.
Let bound_j j : w + w * ln (omega2 j + a) - w * ln w <= q 0 j * (omega2 j + a) - w * ln (q 0 j).
Proof. exact: variance_bound. Qed.

Let squeeze : \sum_j (q 0 j * (omega2 j + a) - w * ln (q 0 j)) <= w * ln (\det N) + (w - w * ln w) *+ d.
Proof. by move: minimal; rewrite /loss /Z (loss_split lnM) // => m; have := le_trans m (full_value lnM ln_lt beta0 dec0 enc0 PP SS theta_pos theta_dec theta_pad U V); rewrite -addrA ler_add2l. Qed.

Let sum_bound : \sum_j (w + w * ln (omega2 j + a) - w * ln w) = w * (\sum_j ln (N j j)) + (w - w * ln w) *+ d.
Proof.
have -> : (w - w * ln w) *+ d = \sum_(j < d) (w - w * ln w) by rewrite sumr_const card_ord.
by rewrite mulr_sumr -big_split /=; apply: eq_bigr => j _; rewrite Nj; ring.
Qed.

(** 1. the columns of U are orthogonal *)
Theorem minimiser_decoder_orthogonal i j : i != j -> (U^T *m U) i j = 0.
Proof.
move=> ij; have tight : \sum_j ln (N j j) <= ln (\det N).
  rewrite -(ler_pmul2l w0) -(ler_add2r ((w - w * ln w) *+ d)) -sum_bound; apply: le_trans squeeze.
  exact: ler_sum.
by have := hadamard_eq lnM ln_lt posN tight ij; rewrite mxE [(a%:M) i j]mxE (negbTE ij) addr0.
Qed.

(** 2. the variances: sigma_j^2 = beta eta_dec^2 / (omega_j^2 + beta c^2) *)
Theorem minimiser_variance j : q 0 j = w / ((U^T *m U) j j + a).
Proof.
apply: (variance_eq lnM ln_lt w0) => //; first exact: Nj0.
have gap j' : 0 <= q 0 j' * (omega2 j' + a) - w * ln (q 0 j') - (w + w * ln (omega2 j' + a) - w * ln w) by rewrite subr_ge0.
have : \sum_j (q 0 j * (omega2 j + a) - w * ln (q 0 j) - (w + w * ln (omega2 j + a) - w * ln w)) <= 0.
  rewrite sumrB subr_le0 sum_bound; apply: le_trans squeeze _.
  by rewrite ler_add2r ler_wpmul2l // ltW.
by move=> /(sum_zero gap)/(_ j)/eqP; rewrite subr_eq0 => /eqP ->.
Qed.

Let g : 'rV[R]_d := \row_j (omega2 j / a).
Let UU : U^T *m U = a *: diag_mx g.
Proof.
apply/matrixP => i j; rewrite !mxE; have [<-|ij] := eqVneq i j.
  by rewrite mulr1n mulrCA mulfV ?mulr1 ?lt0r_neq0 // /omega2 mxE.
by have := minimiser_decoder_orthogonal ij; rewrite mxE mulr0n mulr0.
Qed.

(** 3. the encoder is determined by the decoder: (omega_j^2 + beta c^2) v_j = u_j^T Z *)
Theorem minimiser_encoder : (U^T *m U + a%:M) *m V = U^T *m Z.
Proof.
have low U' V' := vae_learnable_minimum lnM ln_le beta0 dec0 enc0 PP SS theta_pos theta_dec theta_pad U' V' q0.
have := stationary_encoder (ltW a0) (fun U' V' => le_trans minimal (low U' V')); rewrite -/a mulmxBr mulmxA addrAC => /eqP.
by rewrite subr_eq0 mulmxDl mul_scalar_mx => /eqP.
Qed.

(** 4. a zero column of U is prior-collapsed: its row of V is zero and its variance is the prior's *)
Theorem minimiser_collapsed j : (U^T *m U) j j = 0 ->
  [/\ forall i, U i j = 0, forall i, V j i = 0 & q 0 j = eta_enc ^+ 2].
Proof.
move=> z; have col i : U i j = 0.
  move/eqP: z; rewrite mxE psumr_eq0 => [/allP H|l _]; last by rewrite [X in X * _]mxE -expr2 sqr_ge0.
  by have := H i (mem_index_enum i); rewrite [X in X * _]mxE mulf_eq0 orbb => /eqP.
split=> // [i|]; last by rewrite minimiser_variance z add0r wa.
have := congr1 (fun M : 'M[R]_(d, r) => M j i) minimiser_encoder.
have -> : (U^T *m Z) j i = 0 by rewrite mxE big1 // => l _; rewrite [X in X * _]mxE col mul0r.
rewrite mulmxDl mul_scalar_mx mxE [(a *: V) j i]mxE => /eqP.
have -> : (U^T *m U *m V) j i = 0.
  rewrite mxE big1 // => l _; have [<-|/minimiser_decoder_orthogonal ->] := eqVneq j l; last by rewrite mul0r.
  by rewrite z mul0r.
by rewrite add0r mulf_eq0 (gt_eqF a0) => /eqP.
Qed.

(** ** The spectrum *)
Let QU1 : (1%:M : 'M[R]_d) *m (U^T *m U) *m (1%:M)^T = a *: diag_mx g.
Proof. by rewrite mul1mx trmx1 mulmx1 UU. Qed.
Let orth1 : orthogonal (1%:M : 'M[R]_d). Proof. by rewrite /orthogonal trmx1 mulmx1. Qed.
Let gj j : g 0 j = omega2 j / a. Proof. by rewrite mxE. Qed.
Let s := weight a P U 1%:M g.
Let x j := (1 + g 0 j)^-1.
Let t (i : 'I_D) := theta i ^+ 2.
Let g0 j : 0 <= g 0 j. Proof. by rewrite gj divr_ge0 // ltW. Qed.
Let g1 j : 0 < 1 + g 0 j. Proof. by rewrite ltr_paddr ?ltr01. Qed.
Let x_neq1 j : (x j != 1) = (g 0 j != 0).
Proof. by rewrite /x invr_eq1 -subr_eq0 addrAC subrr add0r. Qed.
Let tau j : w / x j = beta * eta_dec ^+ 2 + eta_enc ^+ 2 * (U^T *m U) j j.
Proof. by rewrite /x invrK gj mulrDr mulr1 -wa -/(omega2 j) [omega2 j / a]mulrC mulrA. Qed.

Let tight : \sum_(i < D | (i < d)%N) Modes.k ln w (t i) <= \sum_j ((\sum_i (1 - x j) * t i * s j i) + w * ln (x j)).
Proof.
have := decoder_encoder a0 PP (frame_gram_left P SS theta_pad) orth1 QU1 V; rewrite -/(enc U V) -/s => low.
move: minimal; rewrite /loss /Z (loss_split lnM) // => le.
have {le} le : enc U V + \sum_j (w + w * ln (omega2 j + a) - w * ln w) <= value.
  by apply: le_trans le; rewrite ler_add2l; apply: ler_sum => j _; apply: bound_j.
have {low} le := le_trans (ler_add low (lexx _)) le.
have tE : \sum_(i < r) theta i ^+ 2 = \sum_i (\row_(i < D) theta i ^+ 2) 0 i.
  have -> : \sum_i (\row_(i < D) theta i ^+ 2) 0 i = \sum_(i < D) theta i ^+ 2 by apply: eq_bigr => i _; rewrite mxE.
  rewrite (sum_cut D (r := r) (f := fun i => theta i ^+ 2)) => [|i ri]; last by rewrite theta_pad ?ri ?orbT // expr0n.
  rewrite [RHS]big_mkcond; apply: eq_bigr => i _; case: ltnP => // Di.
  by rewrite theta_pad ?Di // expr0n.
have kz i : (D <= i)%N || (r <= i)%N -> Modes.k ln w (theta i ^+ 2) = 0.
  by move=> /theta_pad ->; rewrite /Modes.k expr0n ltNge ltW.
have kE : \sum_(i < r | (i < d)%N) Modes.k ln w (theta i ^+ 2) = \sum_(i < D | (i < d)%N) Modes.k ln w (t i).
  rewrite -(sum_cut d (r := r) (f := fun i => Modes.k ln w (theta i ^+ 2))) => [|i ri]; last by rewrite kz // ri orbT.
  by rewrite -(sum_cut d (r := D) (f := fun i => Modes.k ln w (theta i ^+ 2))) => [//|i ri]; rewrite kz // ri.
have vE : value = \sum_(i < r) theta i ^+ 2 - \sum_(i < r | (i < d)%N) Modes.k ln w (theta i ^+ 2)
  + (w - w * ln (eta_enc ^+ 2)) *+ d by [].
move: le; rewrite vE kE tE -wa => le.
apply: le_shift le _; rewrite big_split /=.
have -> : \sum_j \sum_i (1 - (\row_j (1 + g 0 j)^-1) 0 j) * (\row_(i < D) theta i ^+ 2) 0 i * s j i = \sum_j \sum_i (1 - x j) * t i * s j i.
  by apply: eq_bigr => j _; apply: eq_bigr => i _; rewrite [X in (1 - X) * _ * _]mxE [X in _ * X * _]mxE.
have -> : (w - w * ln (w / a)) *+ d = \sum_(j < d) (w - w * ln (w / a)) by rewrite sumr_const card_ord.
have -> : \sum_j w * ln (x j) = \sum_(j < d) (w - w * ln (w / a)) - \sum_j (w + w * ln (omega2 j + a) - w * ln w).
  rewrite -sumrB; apply: eq_bigr => j _; have -> : omega2 j + a = a * (1 + g 0 j).
    by rewrite gj mulrDr mulr1 mulrCA mulfV ?mulr1 ?lt0r_neq0 // addrC.
  by rewrite /x (lnV lnM) // (lnM w0) ?invr_gt0 // (lnM a0) // (lnV lnM) //; ring.
move: (\sum_i (\row_(i < D) _) 0 i) (\sum_(i < D | _) _) (\sum_j \sum_i _) (\sum_(j < d) _) (\sum_j _) => x1 x2 x3 x4 x5; ring.
Qed.

Let s0 j i : 0 <= s j i. Proof. exact: (@weight_ge0 R a a0 D d P U 1%:M g QU1 j i). Qed.
Let rows j : x j != 1 -> \sum_i s j i = 1.
Proof. by rewrite x_neq1 => gn; apply: (weight_rows a0 PP QU1). Qed.
Let out j : x j = 1 -> forall i, s j i = 0.
Proof. by move=> xj; apply: weight_out; apply/eqP; move/eqP: xj; apply: contraTT; rewrite -x_neq1. Qed.
Let cols i : \sum_j s j i <= 1. Proof. exact: (@weight_cols R a a0 D d P PP U 1%:M g QU1 i). Qed.
Let t0 i : 0 <= t i. Proof. exact: sqr_ge0. Qed.
Let ts (i j : 'I_D) : (i <= j)%N -> t j <= t i.
Proof. by move=> ij; rewrite ler_expn2r ?nnegrE ?theta_pos // theta_dec. Qed.
Let x0 j : 0 < x j. Proof. by rewrite invr_gt0. Qed.
Let x1 j : x j <= 1. Proof. by rewrite invf_le1 // ler_addl. Qed.

(** 5. each column u_j of U is a left singular vector: Z Z^T u_j = theta^2 u_j with theta^2 = beta eta_dec^2 + eta_enc^2 |u_j|^2,
    that is |u_j|^2 = (theta^2 - beta eta_dec^2) / eta_enc^2 *)
Theorem minimiser_singular_vectors :
  U^T *m (Z *m Z^T) = diag_mx (\row_j (beta * eta_dec ^+ 2 + eta_enc ^+ 2 * (U^T *m U) j j)) *m U^T.
Proof.
have agree := spectrum_agrees lnM ln_lt w0 t0 ts s0 x0 x1 rows out cols tight.
have ZZ : Z *m Z^T = P *m diag_mx (\row_(i < D) theta i ^+ 2) *m P^T := frame_gram_left P SS theta_pad.
suff H : U^T *m P *m diag_mx (\row_(i < D) theta i ^+ 2)
       = diag_mx (\row_j (beta * eta_dec ^+ 2 + eta_enc ^+ 2 * (U^T *m U) j j)) *m (U^T *m P).
  by rewrite ZZ !mulmxA H -!mulmxA PP mulmx1.
have [Y YE] : {Y | Y = U^T *m P} by exists (U^T *m P).
have YY : Y *m Y^T = a *: diag_mx g by rewrite YE trmx_mul trmxK mulmxA -(mulmxA U^T) PP mulmx1 UU.
have sE j i : s j i = if g 0 j == 0 then 0 else (Num.sqrt a)^-1 ^+ 2 * Y j i ^+ 2 / g 0 j.
  rewrite /s /weight; case: ifP => // _; congr (_ / _); rewrite -scalemxAl mul1mx -YE.
  by rewrite [(_ *: Y) j i]mxE exprMn.
rewrite -YE; apply/matrixP => j i; rewrite mul_mx_diag mul_diag_mx mxE [RHS]mxE [X in _ * X]mxE [X in _ = X * _]mxE -tau.
have [->|Yn] := eqVneq (Y j i) 0; first by rewrite mul0r mulr0.
have gn : g 0 j != 0.
  apply: contra_neq Yn => gz; have : (Y *m Y^T) j j = 0 by rewrite YY !mxE eqxx mulr1n -gj gz mulr0.
  rewrite mxE => /eqP; rewrite psumr_eq0 => [/allP A|l _]; last by rewrite [X in _ * X]mxE -expr2 sqr_ge0.
  by have := A i (mem_index_enum i); rewrite [X in _ * X]mxE mulf_eq0 orbb => /eqP.
have sn : s j i != 0.
  rewrite sE (negbTE gn); apply: mulf_neq0; last by rewrite invr_neq0.
  by apply: mulf_neq0; rewrite expf_neq0 // invr_neq0 // lt0r_neq0 // sqrtr_gt0.
by have [_ <-] := agree _ _ sn; rewrite mulrC.
Qed.

(** 6. the spectrum: the values theta^2 of the nonzero columns are, with multiplicity, those theta_i^2 > beta eta_dec^2 with i < d;
    so the singular values of U are the published omega_i, and the number of nonzero columns is #{i < d : theta_i^2 > beta eta_dec^2} *)
Theorem minimiser_spectrum (p : pred R) :
  #|[set j | ((U^T *m U) j j != 0) && p (beta * eta_dec ^+ 2 + eta_enc ^+ 2 * (U^T *m U) j j)]|
  = #|[set i : 'I_D | [&& (i < d)%N, beta * eta_dec ^+ 2 < theta i ^+ 2 & p (theta i ^+ 2)]]|.
Proof.
rewrite -(spectrum_count lnM ln_lt w0 t0 ts s0 x0 x1 rows out cols tight p); apply: eq_card => j.
by rewrite !inE x_neq1 tau gj mulf_eq0 invr_eq0 (gt_eqF a0) orbF.
Qed.

Let NE : N = diag_mx (\row_j (omega2 j + a)).
Proof.
apply/matrixP => i j; rewrite [N i j]mxE [(a%:M) i j]mxE [in RHS]mxE [in RHS]mxE.
by have [->|ij] := eqVneq i j; rewrite ?mulr1n ?mulr0n // minimiser_decoder_orthogonal ?addr0.
Qed.

Let tau_row : 'rV[R]_d := \row_j (beta * eta_dec ^+ 2 + eta_enc ^+ 2 * (U^T *m U) j j).
(** 7. each row v_j of V is a right singular vector with the same theta^2, or zero *)
Theorem minimiser_right_singular_vectors : V *m (Z^T *m Z) = diag_mx tau_row *m V.
Proof.
have H : N *m (V *m (Z^T *m Z)) = N *m (diag_mx tau_row *m V).
  rewrite [N *m (V *m _)]mulmxA minimiser_encoder -[U^T *m Z *m _]mulmxA [Z *m (Z^T *m Z)]mulmxA [U^T *m (_ *m Z)]mulmxA.
  rewrite minimiser_singular_vectors -[diag_mx _ *m _ *m Z]mulmxA -minimiser_encoder -/N.
  rewrite [diag_mx _ *m (N *m V)]mulmxA [N *m (_ *m V)]mulmxA NE.
  by congr (_ *m V); rewrite !mulmx_diag; congr diag_mx; apply/rowP => j; rewrite !mxE mulrC.
apply/matrixP => j i; move/matrixP/(_ j i): H; rewrite NE !mul_diag_mx [LHS]mxE [RHS]mxE => /mulfI; apply.
by rewrite mxE lt0r_neq0.
Qed.

(** 8. the rows of V are orthogonal, |v_j|^2 = eta_enc^4 |u_j|^2 / theta^2 = eta_enc^2 (theta^2 - beta eta_dec^2) / theta^2 *)
Theorem minimiser_encoder_orthogonal i j : (V *m V^T) i j = (if i == j then eta_enc ^+ 4 * (U^T *m U) j j / tau_row 0 j else 0).
Proof.
have H : N *m (V *m V^T) *m N = diag_mx tau_row *m (U^T *m U).
  have NT : N^T = N by case: posN.
  have -> : N *m (V *m V^T) *m N = (N *m V) *m (N *m V)^T by rewrite trmx_mul NT !mulmxA.
  rewrite minimiser_encoder [(U^T *m Z)^T]trmx_mul trmxK -[U^T *m Z *m _]mulmxA [Z *m (Z^T *m U)]mulmxA [U^T *m (_ *m U)]mulmxA.
  by rewrite minimiser_singular_vectors -mulmxA.
have nE l : omega2 l + a = tau_row 0 l / eta_enc ^+ 2.
  have aux (o A W : R) : A != 0 -> W != 0 -> o + A = (W + W / A * o) / (W / A) by move=> An Wn; field; rewrite An Wn.
  by rewrite [tau_row 0 l]mxE -/w -/(omega2 l) -wa; apply: aux; rewrite lt0r_neq0.
move/matrixP/(_ i j): H; rewrite NE mul_mx_diag mul_diag_mx [LHS]mxE [X in X * _]mxE mul_diag_mx [RHS]mxE [X in X * _ * _]mxE [X in _ * X = _]mxE.
have ni l : omega2 l + a != 0 by rewrite lt0r_neq0.
have tn l : tau_row 0 l != 0 by apply: contraTneq (ni l); rewrite nE => ->; rewrite mul0r eqxx.
have en : eta_enc != 0 by rewrite lt0r_neq0.
have [<-|ij] := eqVneq i j; last first.
  by rewrite (minimiser_decoder_orthogonal ij) mulr0 => /eqP; rewrite !mulf_eq0 !(negbTE (ni _)) orbF => /eqP.
move: (ni i) (tn i); rewrite nE; move: (tau_row 0 i) ((V *m V^T) i i) ((U^T *m U) i i) => T X Y n1 n2 e.
have {e} e : X * T * T / eta_enc ^+ 4 = T * Y by rewrite -e; field.
have YE : Y = X * T / eta_enc ^+ 4 by apply: (mulfI n2); rewrite -e; field.
by rewrite YE; field; rewrite n2 en.
Qed.
End Minimisers.
