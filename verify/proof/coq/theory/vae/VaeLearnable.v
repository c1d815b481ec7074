(** vae-learnable: the least loss, and that the paper's typed frames attain it. *)
From mathcomp Require Import all_ssreflect all_algebra ring.
From CollapseAudit Require Import Definitions Logarithm Matching SingularValues Levels HierarchyMinimum Modes Frames.
Import Order.Theory GRing.Theory Num.Theory.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Section VaeLearnable.
Variables (R : rcfType) (ln : R -> R).
Hypothesis lnM : forall x y, 0 < x -> 0 < y -> ln (x * y) = ln x + ln y.
Hypothesis ln_le : forall x, 0 < x -> ln x <= x - 1.
Variables beta eta_dec eta_enc : R.
Hypotheses (beta0 : 0 < beta) (dec0 : 0 < eta_dec) (enc0 : 0 < eta_enc).

Variables (D d r : nat) (P : 'M[R]_D) (S : 'M[R]_r) (theta : nat -> R).
Hypotheses (PP : orthogonal P) (SS : orthogonal S).
Hypothesis theta_pos : forall i, 0 <= theta i.
Hypothesis theta_dec : decreasing theta.
Hypothesis theta_pad : forall i, (D <= i)%N || (r <= i)%N -> theta i = 0.

(** Z = P Theta S^T, the singular value decomposition *)
Let Z := P *m rdiag D r theta *m S^T.
Let loss := vae_loss ln beta eta_dec eta_enc.
Let w := beta * eta_dec ^+ 2.
Let a := beta * c eta_dec eta_enc ^+ 2.

Let w0 : 0 < w. Proof. by rewrite mulr_gt0 ?exprn_gt0. Qed.
Let a0 : 0 < a. Proof. by rewrite mulr_gt0 ?exprn_gt0 ?divr_gt0. Qed.
Let wa : w / a = eta_enc ^+ 2.
Proof. rewrite /w /a /c; field. by rewrite !lt0r_neq0. Qed.

(** vae-learnable, the bound: no decoder, encoder and diagonal variance do better. *)
Theorem vae_learnable_minimum (U : 'M[R]_(D, d)) (V : 'M[R]_(d, r)) (q : 'rV[R]_d) : (forall j, 0 < q 0 j) ->
  value_learnable ln beta eta_dec eta_enc d r theta <= loss U V (diag_mx q) Z.
Proof.
move=> q0; rewrite /loss /vae_loss (lndet_diag lnM) // -/a -/w.
have thD : within D theta by move=> i Di; rewrite theta_pad ?Di.
have thr : within r theta by move=> i ri; rewrite theta_pad ?ri ?orbT.
have PtP : P^T *m P = 1%:M := mulmx1C PP.
have [s [n [[QM _ sp n1 cost] E]]] := level_learnable U V q0 SS (singular_moment S PtP thD) (singular_spectrum thr theta_pos theta_dec) lnM.
have [Q' QQ' QM'] := QM; have trM := trace_modes QQ' QM'; rewrite /moment mxtraceD in trM.
rewrite -/Z in cost; move: cost; rewrite /decoder_cost -/(sqnorm (U *m V - Z)) => cost.
rewrite -E -/(sqnorm V) trM; apply: le_trans (ler_add (ler_add cost (lexx _)) (lexx _)).
pose x l := (n l)^-1; pose t l := theta l ^+ 2.
have n0 l : 0 < n l := lt_le_trans ltr01 (n1 l).1.
have x0 l : 0 < x l by rewrite invr_gt0.
have x1 l : x l <= 1 by rewrite invf_le1 // (n1 l).1.
have tz l : (r <= l)%N -> t l = 0 by move=> rl; rewrite /t thr // expr0n.
have kz l : (r <= l)%N -> k ln w (t l) = 0 by move=> /tz ->; rewrite /k ltNge ltW.
have lost : \sum_(i < r) t i / n i = \sum_(i < r) t i - \sum_(l < d) (1 - x l) * t l.
  rewrite (sum_cut d (r := r) (f := fun l => (1 - x l) * t l)) => [|l /tz ->]; last by rewrite mulr0.
  rewrite [X in _ = _ - X]big_mkcond -sumrB; apply: eq_bigr => i _; case: ltnP => [_|di]; first by rewrite /x; ring.
  by rewrite (n1 i).2 // divr1 subr0.
have valueE : value_learnable ln beta eta_dec eta_enc d r theta
  = \sum_(i < r) t i - \sum_(l < d) k ln w (t l) + \sum_(l < d) (w - w * ln (w / a)).
  by rewrite sumr_const card_ord (sum_cut d (r := r) (f := fun l => k ln w (t l)) kz) wa.
rewrite valueE lost -!addrA ler_add2l mulr_sumr mulr_sumr -!sumrB -!sumrN -!big_split /=; apply: ler_sum => l _.
have sl := sp l (ltn_ord l); have h1 := m_bound lnM ln_le a0 w0 sl; have h2 := k_bound lnM ln_le w0 (x0 l) (x1 l) (sqr_ge0 (theta l)).
rewrite -subr_ge0 in h1; rewrite -subr_ge0 in h2; rewrite -subr_ge0; have := addr_ge0 h1 h2.
rewrite -/(t l) /x (lnM sl) ?invr_gt0 // !(lnV lnM) //.
by move: (ln (w / a)) (ln (s l)) (ln (n l)) (n l)^-1 (k ln w (t l)) => y1 y2 y3 y4 y5; congr (0 <= _); ring.
Qed.

(** vae-learnable, the typed frames: U = P Omega T^T, V = T Lambda S^T, Sigma = T diag(sigma^2) T^T attain it.
    T any orthogonal matrix for which Sigma is diagonal: T = 1, a signed permutation, ... *)
Theorem vae_learnable_frames (T : 'M[R]_d) : orthogonal T ->
  loss (P *m rdiag D d (omega_learnable beta eta_dec eta_enc theta) *m T^T)
       (T *m rdiag d r (lambda_learnable beta eta_dec eta_enc theta) *m S^T)
       (T *m rdiag d d (variance_learnable beta eta_dec eta_enc theta) *m T^T) Z
  = value_learnable ln beta eta_dec eta_enc d r theta.
Proof.
move=> TT; have none (i : nat) : theta i = 0 -> plus (theta i ^+ 2 - w) = 0.
  by move=> ->; rewrite expr0n sub0r /plus max_l // oppr_le0 ltW.
rewrite /loss /Z (frames_loss ln beta eta_dec eta_enc _ PP TT SS theta_pad); last first.
- by move=> i /none t; rewrite /lambda_learnable -/w t sqrtr0 mulr0 mul0r.
- by move=> i /none t; rewrite /omega_learnable -/w t sqrtr0 mul0r.
rewrite -/a -/w /value_learnable -/w.
set om := omega_learnable _ _ _ _; set la := lambda_learnable _ _ _ _; set va := variance_learnable _ _ _ _.
have va0 i : 0 < va i.
  rewrite /va /variance_learnable; case: ifP => [wt|_]; last by rewrite exprn_gt0.
  by apply: divr_gt0; [rewrite !mulr_gt0 ?exprn_gt0 | exact: lt_trans w0 wt].
rewrite (ln_prod lnM) //.
pose h l := om l ^+ 2 * va l + a * (la l ^+ 2 + va l) - w * ln (va l).
pose h0 := w - w * ln (eta_enc ^+ 2).
have hr l : theta l ^+ 2 <= w -> h l = h0 /\ om l * la l = 0.
  move=> tw; have p0 : plus (theta l ^+ 2 - w) = 0 by rewrite /plus max_l // subr_le0.
  rewrite /h /h0 /om /omega_learnable /la /lambda_learnable -/w p0 sqrtr0 mulr0 !mul0r expr0n mul0r !add0r.
  by rewrite /va /variance_learnable -/w ltNge tw /= -wa mulrC divfK // lt0r_neq0.
have small i : (r <= i)%N -> theta i ^+ 2 <= w by move=> ri; rewrite theta_pad ?ri ?orbT // expr0n ltW.
have -> : \sum_(l < d) (om l ^+ 2 * va l + a * (la l ^+ 2 + va l)) = \sum_(l < d) h l + w * \sum_(l < d) ln (va l).
  by rewrite mulr_sumr -big_split /=; apply: eq_bigr => l _; rewrite /h subrK.
rewrite addrA addrK.
have -> : \sum_(l < d) h l = \sum_(i < r | (i < d)%N) (h i - h0) + h0 *+ d.
  rewrite -(sum_cut d (r := r) (f := fun l => h l - h0)); last by move=> i /small /hr [-> _]; rewrite subrr.
  have -> : h0 *+ d = \sum_(l < d) h0 by rewrite sumr_const card_ord.
  by rewrite -big_split /=; apply: eq_bigr => l _; rewrite subrK.
rewrite addrA; congr (_ + _).
rewrite [X in _ + X = _]big_mkcond [X in _ = _ - X]big_mkcond /= -big_split -sumrB /=; apply: eq_bigr => i _.
case: ifP => id; last by rewrite mulr0n sub0r sqrrN addr0 subr0.
rewrite mulr1n; case: ltP => [wt|tw]; last first.
  by have [-> ->] := hr _ tw; rewrite subrr addr0 sub0r sqrrN subr0.
rewrite /h /h0 /om /omega_learnable /la /lambda_learnable /va /variance_learnable -/w wt.
have t0 : 0 < theta i.
  by rewrite lt_neqAle theta_pos andbT eq_sym; apply: contraTneq wt => ->; rewrite expr0n -leNgt ltW.
have [tn en] : theta i != 0 /\ eta_enc != 0 by rewrite !lt0r_neq0.
set s := Num.sqrt _; have s2 : s ^+ 2 = theta i ^+ 2 - w.
  by rewrite sqr_sqrtr /plus ?le_maxr ?lexx // max_r // subr_ge0 ltW.
have -> : ln (w * eta_enc ^+ 2 / theta i ^+ 2) = ln (eta_enc ^+ 2) - ln (theta i ^+ 2 / w).
  have e : w * eta_enc ^+ 2 / theta i ^+ 2 = eta_enc ^+ 2 * (theta i ^+ 2 / w)^-1.
    by rewrite invf_div [eta_enc ^+ 2 * _]mulrCA mulrA.
  by rewrite e lnM ?invr_gt0 ?divr_gt0 ?exprn_gt0 // (lnV lnM) // divr_gt0 // exprn_gt0.
have -> : s / eta_enc * (eta_enc * s / theta i) = s ^+ 2 / theta i.
  by rewrite mulrA mulrA divfK // expr2.
have -> : a = w / eta_enc ^+ 2 by rewrite -wa invf_div mulrCA divff ?mulr1 // lt0r_neq0.
rewrite !exprMn !exprVn s2; move: (ln (eta_enc ^+ 2)) (ln (_ / w)) => l1 l2.
by field; rewrite tn en.
Qed.
End VaeLearnable.
