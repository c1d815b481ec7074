(** vae-fixed-distinct-zero-columns: with sigma_0 < sigma_1 < ..., at every minimiser the columns of U are orthogonal and column j is
    zero iff theta_j <= sqrt(beta) c sigma_j: the zero columns are those of the largest sigma. *)
From mathcomp Require Import all_ssreflect all_algebra ring.
From CollapseAudit Require Import Definitions Matching Diagonals Gain ModesEquality MatchingEquality Decoder VaeFixed Stationary.
Import Order.Theory GRing.Theory Num.Theory.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Section FixedMinimisers.
Variables (R : rcfType) (ln : R -> R) (beta eta_dec eta_enc : R).
Hypotheses (beta0 : 0 < beta) (dec0 : 0 < eta_dec) (enc0 : 0 < eta_enc).
Variables (D d r : nat) (P : 'M[R]_D) (S : 'M[R]_r) (theta sigma : nat -> R).
Hypotheses (PP : orthogonal P) (SS : orthogonal S).
Hypothesis theta_pos : forall i, 0 <= theta i.
Hypothesis theta_dec : decreasing theta.
Hypothesis theta_pad : forall i, (D <= i)%N || (r <= i)%N -> theta i = 0.
Hypothesis sigma_pos : forall i, 0 < sigma i.
Hypothesis sigma_lt : forall i j, (i < j)%N -> sigma i < sigma j.
Let Z := P *m rdiag D r theta *m S^T.
Let q : 'rV[R]_d := \row_l sigma l ^+ 2.
Let loss (U : 'M[R]_(D, d)) (V : 'M[R]_(d, r)) := vae_loss ln beta eta_dec eta_enc U V (diag_mx q) Z.
Let a := beta * c eta_dec eta_enc ^+ 2.
Let b := root_beta_c beta eta_dec eta_enc.
Let a0 : 0 < a. Proof. by rewrite mulr_gt0 ?exprn_gt0 ?divr_gt0. Qed.
Let b0 : 0 < b. Proof. by rewrite /b /root_beta_c mulr_gt0 ?sqrtr_gt0 ?divr_gt0. Qed.
Let b2 : b ^+ 2 = a. Proof. by rewrite /b /root_beta_c exprMn sqr_sqrtr // ltW. Qed.
Let sigma_inc i j : (i <= j)%N -> sigma i <= sigma j.
Proof. by rewrite leq_eqVlt => /orP [/eqP -> //|/sigma_lt/ltW]. Qed.
Let G i l := plus (theta i - b * sigma l) ^+ 2.

Variables (U : 'M[R]_(D, d)) (V : 'M[R]_(d, r)).
Hypothesis minimal : forall U' V', loss U V <= loss U' V'.

Let q0 j : 0 <= q 0 j. Proof. by rewrite mxE sqr_ge0. Qed.
Let omega2 j := (U^T *m U) j j.
Let g : 'rV[R]_d := \row_j (omega2 j / a).

Theorem distinct_decoder_orthogonal (i j : 'I_d) : i != j -> (U^T *m U) i j = 0.
Proof.
move=> ij; apply: (distinct_orthogonal (ltW a0) q0 minimal); rewrite !mxE.
rewrite neq_lt; apply/orP; case: (ltngtP i j) => [lt|lt|/val_inj e]; last by rewrite e eqxx in ij.
- by left; rewrite ltr_expn2r ?nnegrE ?(ltW (sigma_pos _)) // sigma_lt.
- by right; rewrite ltr_expn2r ?nnegrE ?(ltW (sigma_pos _)) // sigma_lt.
Qed.

Let QU1 : (1%:M : 'M[R]_d) *m (U^T *m U) *m (1%:M)^T = a *: diag_mx g.
Proof.
rewrite mul1mx trmx1 mulmx1; apply/matrixP => i j; rewrite [RHS]mxE [X in _ * X]mxE; have [<-|ij] := eqVneq i j.
  by rewrite mulr1n [X in _ = _ * X]mxE mulrCA mulfV ?mulr1 ?lt0r_neq0.
by rewrite mulr0n mulr0; apply: distinct_decoder_orthogonal.
Qed.
Let orth1 : orthogonal (1%:M : 'M[R]_d). Proof. by rewrite /orthogonal trmx1 mulmx1. Qed.
Let g0 := decoder_g0 a0 QU1.
Let s := weight a P U 1%:M g.
Let x j := (1 + g 0 j)^-1.
Let x0 j : 0 < x j. Proof. by rewrite invr_gt0 ltr_paddr ?ltr01 ?g0. Qed.
Let x1 j : x j <= 1. Proof. by rewrite invf_le1 ?ltr_paddr ?ltr01 ?g0 // ler_addl g0. Qed.
Let s0 j i : 0 <= s j i. Proof. exact: (@weight_ge0 R a a0 D d P U 1%:M g QU1 j i). Qed.
Let rows j : g 0 j != 0 -> \sum_i s j i = 1. Proof. by move=> gn; apply: (weight_rows a0 PP QU1). Qed.
Let out j : g 0 j = 0 -> forall i, s j i = 0. Proof. by move=> z; apply: weight_out. Qed.
Let cols i : \sum_j s j i <= 1. Proof. exact: (@weight_cols R a a0 D d P PP U 1%:M g QU1 i). Qed.
Let gain j (i : 'I_D) := (1 - x j) * theta i ^+ 2 - ((x j)^-1 - 1) * (b * sigma j) ^+ 2.

Let gain_le j i : gain j i <= G i j.
Proof. by apply: gain_bound => //; rewrite mulr_gt0. Qed.

Let G_out i : (D <= i)%N || (r <= i)%N -> G i i = 0.
Proof. by move=> /theta_pad z; rewrite /G z sub0r plus_neg ?expr0n // oppr_le0 mulr_ge0 // ltW. Qed.

Let attained : \sum_(i < D | (i < d)%N) G i i <= \sum_j \sum_i s j i * gain j i.
Proof.
have := vae_fixed_frames ln beta0 dec0 enc0 PP SS theta_pad sigma_pos orth1.
rewrite trmx1 !mulmx1 !mul1mx -(rdiag_diag d (fun l => sigma l ^+ 2)) -/q -/Z => F.
have := minimal (P *m rdiag D d (omega_fixed beta eta_dec eta_enc theta sigma)) (rdiag d r (lambda_fixed beta eta_dec eta_enc theta sigma) *m S^T).
rewrite /loss F /vae_loss /value_fixed -/a -/b det_diag mxtrace_diag.
have -> : \prod_i q 0 i = \prod_(l < d) sigma l ^+ 2 by apply: eq_bigr => l _; rewrite mxE.
have -> : \sum_i q 0 i = \sum_(l < d) sigma l ^+ 2 by apply: eq_bigr => l _; rewrite mxE.
rewrite ler_add2r mulrDr addrA ler_add2r => le.
have enc := decoder_encoder a0 PP (frame_gram_left P SS theta_pad) orth1 QU1 V; rewrite -/s -/Z in enc.
have tE : \sum_(i < r) theta i ^+ 2 = \sum_i (\row_(i < D) theta i ^+ 2) 0 i.
  have -> : \sum_i (\row_(i < D) theta i ^+ 2) 0 i = \sum_(i < D) theta i ^+ 2 by apply: eq_bigr => i _; rewrite mxE.
  rewrite (sum_cut D (r := r) (f := fun i => theta i ^+ 2)) => [|i ri]; last by rewrite theta_pad ?ri ?orbT // expr0n.
  rewrite [RHS]big_mkcond; apply: eq_bigr => i _; case: ltnP => // Di.
  by rewrite theta_pad ?Di // expr0n.
have GE : \sum_(i < r | (i < d)%N) G i i = \sum_(i < D | (i < d)%N) G i i.
  rewrite -(sum_cut d (r := r) (f := fun i => G i i)) => [|i ri]; last by rewrite G_out // ri orbT.
  by rewrite -(sum_cut d (r := D) (f := fun i => G i i)) => [//|i ri]; rewrite G_out // ri.
have gE : \sum_j \sum_i s j i * gain j i
  = \sum_j \sum_i (1 - (\row_j (1 + g 0 j)^-1) 0 j) * (\row_(i < D) theta i ^+ 2) 0 i * s j i - \tr (U *m diag_mx q *m U^T).
  rewrite (decoder_variance orth1 QU1) -sumrB; apply: eq_bigr => j _.
  have -> : \sum_l (1%:M : 'M[R]_d) j l ^+ 2 * q 0 l = sigma j ^+ 2.
    rewrite (bigD1 j) //= big1 => [|l lj]; last by rewrite mxE eq_sym (negbTE lj) expr0n mul0r.
    by rewrite !mxE eqxx expr1n mul1r addr0.
  have [gj|gj] := eqVneq (g 0 j) 0.
    by rewrite gj mulr0 mul0r subr0 !big1 // => i _; rewrite out ?mul0r ?mulr0.
  rewrite -[a * _ * _]mul1r -[X in X * (a * _ * _)](rows gj) mulr_suml -sumrB; apply: eq_bigr => i _.
  rewrite [X in (1 - X) * _ * _]mxE [X in _ * X * _]mxE /gain /x invrK exprMn b2.
  by move: (s j i) (g 0 j) (1 + g 0 j)^-1 (theta i) (sigma j) a => y1 y2 y3 y4 y5 y6; ring.
rewrite addrAC in le; have := le_trans (ler_add enc (lexx (\tr (U *m diag_mx q *m U^T)))) le.
rewrite tE GE gE => H; apply: le_shift H _.
by move: (\sum_i (\row_(i < D) _) 0 i) (\sum_j \sum_i _) (\tr _) (\sum_(i < D | _) _) => y1 y2 y3 y4; ring.
Qed.

Let Pi (i : 'I_D) (l : 'I_d) := s l i.
Let Pcols l : \sum_i Pi i l <= 1.
Proof. by have [gl|gl] := eqVneq (g 0 l) 0; [rewrite big1 ?ler01 // => i _; apply: out | rewrite [leLHS]rows]. Qed.

Let main : \sum_i \sum_l Pi i l * G i l <= \sum_(i < D | (i < d)%N) G i i.
Proof.
apply: matching => [i l|i l k lk|i k l ik|i k j l ik jl|i l|i|l].
- exact: sqr_ge0.
- by rewrite ler_expn2r ?nnegrE ?plus_ge0 // plus_mono // ler_add2l ler_oppl opprK ler_wpmul2l ?(ltW b0) // sigma_inc.
- by rewrite ler_expn2r ?nnegrE ?plus_ge0 // plus_mono // ler_add2r theta_dec.
- have sl := ler_wpmul2l (ltW b0) (sigma_inc jl); have tk := theta_dec ik.
  by rewrite [X in _ <= X]addrC; apply: square_convex; first ring; rewrite ?ler_add2l ?ler_add2r // ler_oppl opprK.
- exact: s0.
- exact: cols.
- exact: Pcols.
Qed.

Let tight : \sum_(i < D | (i < d)%N) G i i <= \sum_(i < D) \sum_(l < d) Pi i l * G i l.
Proof.
apply: le_trans attained _; rewrite exchange_big; apply: ler_sum => i _; apply: ler_sum => l _.
exact: (ler_wpmul2l (s0 l i) (gain_le l i)).
Qed.

Let gains (i : 'I_D) (l : 'I_d) : Pi i l != 0 -> b * sigma l < theta i.
Proof.
move=> Pn; have gn : g 0 l != 0 by apply: contra_neq Pn => gz; apply: (out gz).
have xl : x l < 1.
  by rewrite lt_neqAle x1 andbT /x invr_eq1 -subr_eq0 addrAC subrr add0r.
have f0 (j : 'I_d) (k : 'I_D) : 0 <= s j k * (G k j - gain j k) by rewrite mulr_ge0 // subr_ge0.
have le : \sum_j \sum_k s j k * (G k j - gain j k) <= 0.
  have -> : \sum_j \sum_k s j k * (G k j - gain j k) = \sum_k \sum_j Pi k j * G k j - \sum_j \sum_k s j k * gain j k.
    rewrite [X in _ = X - _]exchange_big -sumrB; apply: eq_bigr => j _ /=; rewrite -sumrB; apply: eq_bigr => k _.
    by rewrite mulrBr.
  by rewrite subr_le0; apply: le_trans main attained.
have z1 : \sum_k s l k * (G k l - gain l k) = 0 by apply: (sum_zero _ le l) => j; apply: sumr_ge0.
have := @sum_zero _ _ _ (f0 l) _ i; rewrite z1 => /(_ (lexx 0)) /eqP.
rewrite mulf_eq0 [s l i == 0](negbTE Pn) subr_eq0 /= => /eqP e.
rewrite ltNge; apply/negP => ty; have y0 : 0 < b * sigma l by rewrite mulr_gt0.
move: e; rewrite /G plus_neg ?subr_le0 // expr0n /gain => /eqP; apply/negP; rewrite eq_sym lt_eqF //.
have xn : x l != 0 by rewrite lt0r_neq0.
have -> : (1 - x l) * theta i ^+ 2 - ((x l)^-1 - 1) * (b * sigma l) ^+ 2
  = - ((1 - x l) / x l * ((1 - x l) * (b * sigma l) ^+ 2 + x l * ((b * sigma l) ^+ 2 - theta i ^+ 2))) by field.
rewrite oppr_lt0; apply: mulr_gt0; first by rewrite divr_gt0 ?subr_gt0.
apply: ltr_paddr; last by apply: mulr_gt0; [rewrite subr_gt0 | exact: exprn_gt0 y0].
by apply: mulr_ge0; [exact: ltW | rewrite subr_ge0 ler_expn2r ?nnegrE // ltW].
Qed.

Let cols01 l : \sum_i Pi i l = 1 \/ forall i, Pi i l = 0.
Proof. by have [gl|gl] := eqVneq (g 0 l) 0; [right => i; apply: out | left; apply: rows]. Qed.
Let pad i : (D <= i)%N -> theta i = 0. Proof. by move=> Di; rewrite theta_pad ?Di. Qed.
Let P0 i l : 0 <= Pi i l. Proof. exact: s0. Qed.

(** column j of U is zero iff theta_j <= sqrt(beta) c sigma_j *)
Theorem distinct_zero_columns (j : 'I_d) :
  (forall i, U i j = 0) <-> theta j <= root_beta_c beta eta_dec eta_enc * sigma j.
Proof.
have zero : (g 0 j == 0) = (omega2 j == 0) by rewrite mxE mulf_eq0 invr_eq0 (gt_eqF a0) orbF.
split=> [Uj|tj].
  rewrite leNgt; apply/negP => tj; have := above_used b0 theta_dec pad sigma_pos sigma_lt P0 cols cols01 gains tight tj.
  have gj : g 0 j = 0 by apply/eqP; rewrite zero /omega2 mxE big1 // => i _; rewrite [X in X * _]mxE Uj mul0r.
  by rewrite big1 => [/eqP|i _]; [rewrite eq_sym oner_eq0 | apply: out].
have gj : g 0 j == 0.
  apply: contraLR tj => gn; rewrite -ltNge.
  have [i sn] : exists i, Pi i j != 0.
    apply/existsP; apply: contraT; rewrite negb_exists => /forallP all0.
    have := rows gn; rewrite big1 => [/eqP|i _]; first by rewrite eq_sym oner_eq0.
    by apply/eqP; have := all0 i; rewrite negbK.
  exact: (used_above b0 theta_dec pad sigma_pos sigma_lt P0 cols cols01 gains tight sn).
move=> i; move: gj; rewrite zero /omega2 mxE psumr_eq0 => [/allP H|l _]; last by rewrite [X in X * _]mxE -expr2 sqr_ge0.
by have := H i (mem_index_enum i); rewrite [X in X * _]mxE mulf_eq0 orbb => /eqP.
Qed.
End FixedMinimisers.
