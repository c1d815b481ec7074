(** vae-fixed: fixed variance with eigenvalues sigma_0^2 <= sigma_1^2 <= ... (distinct or not), Z = P Theta S^T.
    The largest theta goes with the smallest sigma. *)
From mathcomp Require Import all_ssreflect all_algebra ring.
From CollapseAudit Require Import Definitions Matching Diagonals Gain Frames Decoder.
Import Order.Theory GRing.Theory Num.Theory.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Section VaeFixed.
Variables (R : rcfType) (ln : R -> R) (beta eta_dec eta_enc : R).
Hypotheses (beta0 : 0 < beta) (dec0 : 0 < eta_dec) (enc0 : 0 < eta_enc).
Variables (D d r : nat) (P : 'M[R]_D) (S : 'M[R]_r) (theta sigma : nat -> R).
Hypotheses (PP : orthogonal P) (SS : orthogonal S).
Hypothesis theta_pos : forall i, 0 <= theta i.
Hypothesis theta_dec : decreasing theta.
Hypothesis theta_pad : forall i, (D <= i)%N || (r <= i)%N -> theta i = 0.
Hypothesis sigma_pos : forall i, 0 < sigma i.
Hypothesis sigma_inc : forall i j, (i <= j)%N -> sigma i <= sigma j.

Let Z := P *m rdiag D r theta *m S^T.
Let loss := vae_loss ln beta eta_dec eta_enc.
Let a := beta * c eta_dec eta_enc ^+ 2.
Let b := root_beta_c beta eta_dec eta_enc.

Let a0 : 0 < a. Proof. by rewrite mulr_gt0 ?exprn_gt0 ?divr_gt0. Qed.
Let b0 : 0 < b. Proof. by rewrite /b /root_beta_c mulr_gt0 ?sqrtr_gt0 ?divr_gt0. Qed.
Let b2 : b ^+ 2 = a. Proof. by rewrite /b /root_beta_c exprMn sqr_sqrtr // ltW. Qed.

(** the gain of mode i on coordinate l *)
Let G i l := plus (theta i - b * sigma l) ^+ 2.

Lemma frame_gram_left : Z *m Z^T = P *m diag_mx (\row_(i < D) theta i ^+ 2) *m P^T.
Proof.
rewrite /Z !trmx_mul trmxK rdiag_tr -!mulmxA [S^T *m (S *m _)]mulmxA (mulmx1C SS) mul1mx.
congr (_ *m _); rewrite !mulmxA rdiag_mul (rdiag_diag D (fun i => theta i ^+ 2)); congr (_ *m _).
apply/matrixP => i j; rewrite !mxE -expr2; have [//|ri] := ltnP i r.
by rewrite theta_pad ?ri ?orbT // expr0n /= mul0rn.
Qed.

Let G_out i : (D <= i)%N || (r <= i)%N -> G i i = 0.
Proof.
move=> /theta_pad z; rewrite /G z sub0r plus_neg ?expr0n // oppr_le0 mulr_ge0 // ltW //.
Qed.

(** the assignment of modes to coordinates costs at least the sorted one *)
Lemma fixed_modes (U : 'M[R]_(D, d)) (V : 'M[R]_(d, r)) :
  \sum_(i < r) theta i ^+ 2 - \sum_(i < r | (i < d)%N) G i i
  <= sqnorm (U *m V - Z) + \tr (U *m rdiag d d (fun l => sigma l ^+ 2) *m U^T) + a * sqnorm V.
Proof.
have [Q [g [QQ QU]]] := decoder_spectral U a0.
have g0 := decoder_g0 a0 QU.
have enc := decoder_encoder a0 PP frame_gram_left QQ QU V.
have var := decoder_variance QQ QU (\row_(l < d) sigma l ^+ 2).
have W0 j i : 0 <= weight a P U Q g j i := weight_ge0 a0 P QU j i.
have Wr j : g 0 j != 0 -> \sum_i weight a P U Q g j i = 1 := @weight_rows _ _ a0 _ _ P PP U Q g QU j.
have Wc i : \sum_j weight a P U Q g j i <= 1 := weight_cols a0 PP QU i.
have Wo j : g 0 j = 0 -> forall i, weight a P U Q g j i = 0 by apply: weight_out.
rewrite (rdiag_diag d (fun l => sigma l ^+ 2)) in var; move: enc Wr Wc Wo W0 var.
move: (weight a P U Q g) => s enc Wr Wc Wo W0 var.
rewrite addrAC var; apply: le_trans (ler_add enc (lexx _)).
have -> : \sum_(i < r) theta i ^+ 2 = \sum_i (\row_(i < D) theta i ^+ 2) 0 i.
  have -> : \sum_i (\row_(i < D) theta i ^+ 2) 0 i = \sum_(i < D) theta i ^+ 2 by apply: eq_bigr => i _; rewrite mxE.
  rewrite (sum_cut D (r := r) (f := fun i => theta i ^+ 2)) => [|i ri]; last by rewrite theta_pad ?ri ?orbT // expr0n.
  rewrite [RHS]big_mkcond; apply: eq_bigr => i _; case: ltnP => // Di.
  by rewrite theta_pad ?Di // expr0n.
have -> : \sum_(i < r | (i < d)%N) G i i = \sum_(i < D | (i < d)%N) G i i.
  rewrite -(sum_cut d (r := r) (f := fun i => G i i)) => [|i ri]; last by rewrite G_out // ri orbT.
  by rewrite -(sum_cut d (r := D) (f := fun i => G i i)) => [//|i ri]; rewrite G_out // ri.
rewrite -addrA ler_add2l ler_oppl opprD opprK.
pose Pi (i : 'I_D) (l : 'I_d) := \sum_j s j i * Q j l ^+ 2.
have main : \sum_i \sum_l Pi i l * G i l <= \sum_(i < D | (i < d)%N) G i i.
  apply: matching.
  - by move=> i l; apply: sqr_ge0.
  - by move=> i l k lk; rewrite ler_expn2r ?nnegrE ?plus_ge0 // plus_mono // ler_add2l ler_oppl opprK ler_wpmul2l ?(ltW b0) // sigma_inc.
  - by move=> i k l ik; rewrite ler_expn2r ?nnegrE ?plus_ge0 // plus_mono // ler_add2r theta_dec.
  - move=> i k j l ik jl.
    have sl := ler_wpmul2l (ltW b0) (sigma_inc jl); have tk := theta_dec ik.
    rewrite [X in _ <= X]addrC; apply: square_convex; first ring; by rewrite ?ler_add2l ?ler_add2r // ler_oppl opprK.
  - by move=> i l; rewrite sumr_ge0 // => j _; rewrite mulr_ge0 ?sqr_ge0.
  - move=> i; rewrite exchange_big /=; apply: le_trans (Wc i); apply: ler_sum => j _.
    by rewrite -mulr_sumr orthogonal_rows // mulr1.
  - move=> l; rewrite exchange_big /= -(orthogonal_cols QQ l); apply: ler_sum => j _; rewrite -mulr_suml.
    have [gj|gj] := eqVneq (g 0 j) 0; last by rewrite Wr // mul1r.
    by rewrite big1 ?mul0r ?sqr_ge0 // => i _; apply: Wo.
apply: le_trans main; rewrite /Pi.
have -> : \sum_(i < D) \sum_(l < d) (\sum_j s j i * Q j l ^+ 2) * G i l
  = \sum_j \sum_(i < D) \sum_(l < d) s j i * Q j l ^+ 2 * G i l.
  rewrite [RHS]exchange_big /=; apply: eq_bigr => i _; rewrite [RHS]exchange_big /=; apply: eq_bigr => l _.
  by rewrite mulr_suml.
rewrite -sumrB; apply: ler_sum => j _; rewrite mxE.
have x0 : 0 < (1 + g 0 j)^-1 by rewrite invr_gt0 ltr_paddr ?ltr01.
have x1 : (1 + g 0 j)^-1 <= 1 by rewrite invf_le1 ?ltr_paddr ?ltr01 // ler_addl.
have [gj|gj] := eqVneq (g 0 j) 0.
  rewrite gj mulr0 mul0r subr0 !big1 // => i _; last by rewrite Wo // mulr0.
  by rewrite big1 // => l _; rewrite Wo // !mul0r.
have -> : a * g 0 j * (\sum_l Q j l ^+ 2 * (\row_(l < d) sigma l ^+ 2) 0 l)
  = \sum_i \sum_l s j i * Q j l ^+ 2 * (a * g 0 j * sigma l ^+ 2).
  rewrite -[LHS]mul1r -(Wr _ gj) mulr_suml; apply: eq_bigr => i _; rewrite mulr_sumr mulr_sumr; apply: eq_bigr => l _.
  by rewrite mxE; ring.
rewrite -sumrB; apply: ler_sum => i _.
have -> : (1 - (1 + g 0 j)^-1) * (\row_(i < D) theta i ^+ 2) 0 i * s j i
  = \sum_l s j i * Q j l ^+ 2 * ((1 - (1 + g 0 j)^-1) * theta i ^+ 2).
  by rewrite -mulr_suml -mulr_sumr orthogonal_rows // mulr1 mxE mulrC.
rewrite -sumrB; apply: ler_sum => l _; rewrite -mulrBr; apply: ler_wpmul2l; first by apply: mulr_ge0 => //; exact: sqr_ge0.
have := gain_bound x0 x1 (theta_pos i) (mulr_gt0 b0 (sigma_pos l)); rewrite invrK exprMn b2.
rewrite [1 + _ - 1]addrAC subrr add0r [g 0 j * (a * _)]mulrCA [a * (_ * _)]mulrA. exact.
Qed.

(** vae-fixed, the bound: for Sigma = T diag(sigma^2) T^T, T any orthogonal matrix *)
Theorem vae_fixed_minimum (T : 'M[R]_d) (U : 'M[R]_(D, d)) (V : 'M[R]_(d, r)) : orthogonal T ->
  value_fixed ln beta eta_dec eta_enc d r theta sigma
  <= loss U V (T *m rdiag d d (fun l => sigma l ^+ 2) *m T^T) Z.
Proof.
move=> TT; rewrite /loss /vae_loss tr_conj // det_conj // tr_rdiag -rdiag_diag det_diag.
have -> : \prod_i (\row_(j < d) sigma j ^+ 2) 0 i = \prod_(l < d) sigma l ^+ 2 by apply: eq_bigr => l _; rewrite mxE.
rewrite /value_fixed -/a -/b ler_add2r mulrDr addrA ler_add2r.
have := fixed_modes (U *m T) (T^T *m V).
rewrite -mulmxA [T *m (T^T *m V)]mulmxA TT mul1mx trmx_mul !mulmxA => H; apply: le_trans H _.
rewrite (rdiag_diag d (fun l => sigma l ^+ 2)) -!mulmxA ler_add2l ler_wpmul2l ?(ltW a0) // -sqnorm_tr trmx_mul trmxK.
by rewrite sqnormM // sqnorm_tr.
Qed.

(** ... attained by the typed frames U = P Omega T^T, V = T Lambda S^T *)
Theorem vae_fixed_frames (T : 'M[R]_d) : orthogonal T ->
  loss (P *m rdiag D d (omega_fixed beta eta_dec eta_enc theta sigma) *m T^T)
       (T *m rdiag d r (lambda_fixed beta eta_dec eta_enc theta sigma) *m S^T)
       (T *m rdiag d d (fun l => sigma l ^+ 2) *m T^T) Z
  = value_fixed ln beta eta_dec eta_enc d r theta sigma.
Proof.
move=> TT; have none (i : nat) : theta i = 0 -> plus (theta i - b * sigma i) = 0.
  by move=> ->; rewrite sub0r plus_neg // oppr_le0 mulr_ge0 // ltW //.
rewrite /loss /Z (frames_loss ln beta eta_dec eta_enc _ PP TT SS theta_pad); last first.
- by move=> i /none t; rewrite /lambda_fixed -/b t mulr0 mul0r sqrtr0.
- by move=> i /none t; rewrite /omega_fixed -/b t mulr0 mul0r sqrtr0.
rewrite -/a /value_fixed -/a -/b; congr (_ - _).
set om := omega_fixed _ _ _ _ _; set la := lambda_fixed _ _ _ _ _.
pose p i := plus (theta i - b * sigma i).
have p0 i : 0 <= p i by apply: plus_ge0.
have s0 i : 0 <= sigma i := ltW (sigma_pos i).
have b1 : 0 <= b := ltW b0.
have bp i : 0 <= b * p i / sigma i := divr_ge0 (mulr_ge0 b1 (p0 i)) (s0 i).
have sp i : 0 <= sigma i * p i / b := divr_ge0 (mulr_ge0 (s0 i) (p0 i)) b1.
have om2 i : om i ^+ 2 = b * p i / sigma i by rewrite -[RHS](sqr_sqrtr (bp i)).
have la2 i : la i ^+ 2 = sigma i * p i / b by rewrite -[RHS](sqr_sqrtr (sp i)).
have ol i : om i * la i = p i.
  rewrite /om /la /omega_fixed /lambda_fixed -/b -/(p i) -sqrtrM //.
  have -> : b * p i / sigma i * (sigma i * p i / b) = p i ^+ 2 by field; rewrite !lt0r_neq0.
  by rewrite sqrtr_sqr ger0_norm.
rewrite (eq_bigr (fun l : 'I_d => 2%:R * b * sigma l * p l + a * sigma l ^+ 2)) => [|l _]; last first.
  by rewrite om2 la2 -b2; have := sigma_pos l; move: (sigma l) => s s1; field; rewrite !lt0r_neq0.
rewrite big_split /= -mulr_sumr addrA; congr (_ + _).
rewrite (sum_cut d (r := r) (f := fun l => 2%:R * b * sigma l * p l)) => [|i ri]; last first.
  by rewrite /p none ?mulr0 // theta_pad // ri orbT.
rewrite [X in _ + X = _]big_mkcond [X in _ = _ - X]big_mkcond /= -big_split -sumrB /=; apply: eq_bigr => i _.
case: ifP => id; last by rewrite sub0r sqrrN addr0 subr0.
rewrite mulr1n ol /p; have [bt|tb] := leP (theta i) (b * sigma i).
  by rewrite plus_neg ?subr_le0 // mulr0 addr0 sub0r sqrrN expr0n subr0.
by rewrite plus_pos ?subr_ge0 ?ltW //; ring.
Qed.
End VaeFixed.
