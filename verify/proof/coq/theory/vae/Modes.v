(** One mode with learnable variance, its decoder eliminated: t = theta^2, x = 1/n the share of the mode that is lost, w = beta eta_dec^2,
    a = beta c^2. [k t] is what an active mode gains; it is reached at t x = w (ModesEquality.v). *)
From mathcomp Require Import all_ssreflect all_algebra ring.
From CollapseAudit Require Import Logarithm.
Import Order.Theory GRing.Theory Num.Theory.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Section Modes.
Variables (R : rcfType) (ln : R -> R).
Hypothesis lnM : forall x y, 0 < x -> 0 < y -> ln (x * y) = ln x + ln y.
Hypothesis ln_le : forall x, 0 < x -> ln x <= x - 1.
Variables a w : R.
Hypotheses (a0 : 0 < a) (w0 : 0 < w).

Lemma m_bound m : 0 < m -> w - w * ln (w / a) <= a * m - w * ln m.
Proof.
move=> m0; have p : 0 < a * m / w by rewrite divr_gt0 ?mulr_gt0.
have := ler_wpmul2l (ltW w0) (ln_le p); rewrite mulrBr mulr1.
have -> : w * (a * m / w) = a * m by rewrite mulrC divfK // gt_eqF.
have -> : ln (a * m / w) = ln m - ln (w / a).
  by rewrite -(lnV lnM) ?divr_gt0 // -lnM ?invr_gt0 ?divr_gt0 // invf_div mulrCA mulrA.
rewrite mulrBr => H; rewrite -subr_ge0; move: H; rewrite -subr_ge0.
by have -> : a * m - w - (w * ln m - w * ln (w / a)) = a * m - w * ln m - (w - w * ln (w / a)) by ring.
Qed.

Definition k t := if w < t then t - w - w * ln (t / w) else 0.

Lemma k_bound x t : 0 < x -> x <= 1 -> 0 <= t -> (1 - x) * t + w * ln x <= k t.
Proof.
move=> x0 x1 t0; rewrite /k; have [wt|tw] := ltP w t.
  have tp := lt_trans w0 wt.
  have := ler_wpmul2l (ltW w0) (ln_le (divr_gt0 (mulr_gt0 x0 tp) w0)); rewrite mulrBr mulr1.
  have -> : w * (x * t / w) = x * t by rewrite mulrC divfK // gt_eqF.
  have -> : ln (x * t / w) = ln x + ln (t / w) by rewrite -lnM ?divr_gt0 // mulrA.
  move=> H; rewrite -subr_ge0; move: H; rewrite -subr_ge0.
  by have -> : x * t - w - w * (ln x + ln (t / w)) = t - w - w * ln (t / w) - ((1 - x) * t + w * ln x) by ring.
have H : (1 - x) * t <= (1 - x) * w by rewrite ler_wpmul2l // subr_ge0.
have H' : w * ln x <= w * (x - 1) := ler_wpmul2l (ltW w0) (ln_le x0).
apply: (le_trans (ler_add H H')); rewrite le_eqVlt; apply/orP; left; apply/eqP; ring.
Qed.

Lemma k_ge0 t : 0 <= t -> 0 <= k t.
Proof. by move=> t0; have := k_bound ltr01 (lexx 1) t0; rewrite (ln_1 lnM) subrr mul0r mulr0 addr0. Qed.

Lemma k_mono s t : 0 <= s -> s <= t -> k s <= k t.
Proof.
move=> s0 st; have t0 := le_trans s0 st; rewrite {1}/k; case: ltP => [ws|_]; last exact: k_ge0.
have sp := lt_trans w0 ws; have x0 : 0 < w / s by rewrite divr_gt0.
have x1 : w / s <= 1 by rewrite ler_pdivr_mulr // mul1r ltW.
apply: le_trans (k_bound x0 x1 t0).
have -> : ln (s / w) = - ln (w / s) by rewrite -(lnV lnM) // invf_div.
rewrite mulrN opprK ler_add2r.
have -> : s - w = (1 - w / s) * s by rewrite mulrBl mul1r divfK // gt_eqF.
by rewrite ler_wpmul2l // subr_ge0.
Qed.
End Modes.
