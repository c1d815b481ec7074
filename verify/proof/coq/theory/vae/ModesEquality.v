(** Equality cases, scalars only: one mode's gain, Ky Fan's sum, and the spectrum that they force. *)
From mathcomp Require Import all_ssreflect all_algebra ring.
From CollapseAudit Require Import Definitions Logarithm Matching Modes.
Import Order.Theory GRing.Theory Num.Theory.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Section KyFanEq.
Variable R : realFieldType.

(** terms >= 0 with a sum <= 0 all vanish *)
Lemma sum_zero (I : finType) (f : I -> R) : (forall i, 0 <= f i) -> \sum_i f i <= 0 -> forall i, f i = 0.
Proof.
move=> f0 le i; have /eqP : \sum_i f i = 0 by apply/eqP; rewrite eq_le le sumr_ge0.
by rewrite psumr_eq0 // => /allP/(_ i (mem_index_enum i))/eqP.
Qed.

(** Ky Fan: equality forces the weights, except on the values that tie with the threshold kappa, where it forces their sum *)
Lemma ky_fan_eq (r d : nat) (k w : 'I_r -> R) :
  (forall i, 0 <= k i) -> (forall i j : 'I_r, (i <= j)%N -> k j <= k i) ->
  (forall i, 0 <= w i) -> (forall i, w i <= 1) -> \sum_i w i <= d%:R ->
  \sum_(i < r | (i < d)%N) k i <= \sum_i k i * w i ->
  exists kappa, [/\ 0 <= kappa, forall i, k i != kappa -> w i = (i < d)%N%:R & kappa * (\sum_(i < r) ((i < d)%N%:R - w i)) = 0].
Proof.
move=> k0 kd w0 w1 wd; rewrite [leLHS]big_mkcond /= => le.
have [rd|dr] := leqP r d.
  exists 0; rewrite mul0r; split=> // i ki; have lt (j : 'I_r) : (j < d)%N = true := leq_trans (ltn_ord j) rd.
  have z : k i * (1 - w i) = 0.
    apply: (@sum_zero _ (fun i => k i * (1 - w i))) => [j|]; first by rewrite mulr_ge0 ?subr_ge0.
    rewrite -subr_ge0 sub0r -sumrN; move: le; rewrite -subr_ge0 -sumrB; congr (0 <= _); apply: eq_bigr => j _.
    by rewrite lt mulrBr mulr1 opprB.
  by move/eqP: z; rewrite mulf_eq0 (negbTE ki) /= subr_eq0 lt => /eqP <-.
pose t := k (Ordinal dr); have e : \sum_(i < r) (i < d)%N%:R = d%:R :> R.
  rewrite -natr_sum; congr (_%:R); rewrite -(big_mkcond (fun i : 'I_r => (i < d)%N) (fun=> 1%N)) /=.
  by rewrite -(big_ord_widen r (fun=> 1%N)) ?(ltnW dr) // sum1_card card_ord.
have s0 : 0 <= \sum_(i < r) ((i < d)%N%:R - w i) by rewrite sumrB e subr_ge0.
have f0 i : 0 <= (k i - t) * ((i < d)%N%:R - w i).
  have [id|di] := ltnP i d; first by rewrite mulr_ge0 ?subr_ge0 // kd // ltnW.
  by rewrite sub0r mulrN oppr_ge0 mulr_le0_ge0 // subr_le0 kd.
have tot : \sum_(i < r) (k i - t) * ((i < d)%N%:R - w i) + t * (\sum_(i < r) ((i < d)%N%:R - w i)) <= 0.
  rewrite mulr_sumr -big_split /= -subr_ge0 sub0r -sumrN; move: le; rewrite -subr_ge0 -sumrB; congr (0 <= _); apply: eq_bigr => i _.
  by rewrite -mulrDl subrK mulrBr opprB; case: ifP; rewrite ?mulr1 ?mulr0.
have ts : 0 <= t * (\sum_(i < r) ((i < d)%N%:R - w i)) by rewrite mulr_ge0 ?k0.
exists t; split; first exact: k0.
- move=> i ki; have z : (k i - t) * ((i < d)%N%:R - w i) = 0.
    by apply: (sum_zero f0); apply: le_trans tot; rewrite ler_addl.
  by move/eqP: z; rewrite mulf_eq0 subr_eq0 (negbTE ki) /= subr_eq0 => /eqP.
- apply/eqP; rewrite eq_le ts andbT; apply: le_trans tot; rewrite ler_addr sumr_ge0 //.
Qed.
End KyFanEq.

Section Modes.
Variables (R : rcfType) (ln : R -> R).
Hypothesis lnM : forall x y, 0 < x -> 0 < y -> ln (x * y) = ln x + ln y.
Hypothesis ln_lt : forall x, 0 < x -> x != 1 -> ln x < x - 1.
Variable w : R.
Hypothesis w0 : 0 < w.
Let ln_le := strict_le lnM ln_lt.
Let wn : w != 0. Proof. by rewrite lt0r_neq0. Qed.

Lemma le_shift (a b c d : R) : a <= b -> d - c = b - a -> c <= d.
Proof. by rewrite -(subr_ge0 a) -(subr_ge0 c) => + ->. Qed.

Lemma ln_eq x : 0 < x -> x - 1 <= ln x -> x = 1.
Proof. by move=> x0 le; apply/eqP; apply: contraLR le => /(ln_lt x0); rewrite -ltNge. Qed.

(** q m - w ln q is least at q = w / m only *)
Lemma variance_bound q m : 0 < q -> 0 < m -> w + w * ln m - w * ln w <= q * m - w * ln q.
Proof.
move=> q0 m0; have p : 0 < q * m / w by rewrite divr_gt0 ?mulr_gt0.
have := ler_wpmul2l (ltW w0) (ln_le p); rewrite mulrBr mulr1 mulrCA mulfV // mulr1.
rewrite (lnM (mulr_gt0 q0 m0)) ?invr_gt0 // (lnM q0 m0) (lnV lnM w0) => H; rewrite -subr_ge0; move: H; rewrite -subr_ge0.
by congr (0 <= _); ring.
Qed.

Lemma variance_eq q m : 0 < q -> 0 < m -> q * m - w * ln q <= w + w * ln m - w * ln w -> q = w / m.
Proof.
move=> q0 m0 le; have p : 0 < q * m / w by rewrite divr_gt0 ?mulr_gt0.
have e : q * m / w = 1.
  apply: (ln_eq p); rewrite -(ler_pmul2l w0) mulrBr mulr1 mulrCA mulfV // mulr1.
  rewrite (lnM (mulr_gt0 q0 m0)) ?invr_gt0 // (lnM q0 m0) (lnV lnM w0) -subr_ge0; move: le; rewrite -subr_ge0.
  by congr (0 <= _); ring.
by rewrite -[w]mul1r -e divfK // mulfK // lt0r_neq0.
Qed.

Let k : R -> R := k ln w.

Lemma k_pos t : w < t -> 0 < k t.
Proof.
move=> wt; rewrite /k /Modes.k wt; have t0 := lt_trans w0 wt.
have ne : t / w != 1 by rewrite -(inj_eq (mulIf wn)) divfK // mul1r gt_eqF.
have H : w * ln (t / w) < w * (t / w - 1) by rewrite ltr_pmul2l // ln_lt // divr_gt0.
by rewrite subr_gt0; apply: lt_le_trans H _; rewrite mulrBr mulr1 mulrCA mulfV // mulr1.
Qed.

Lemma k_eq x t : 0 < x -> x < 1 -> 0 <= t -> k t <= (1 - x) * t + w * ln x -> w < t /\ t = w / x.
Proof.
move=> x0 x1 t0; rewrite /k /Modes.k; have [wt le|tw le] := ltP w t.
  split=> //; have tp := lt_trans w0 wt; have xn : x != 0 by rewrite lt0r_neq0.
  have p : 0 < x * t / w by rewrite divr_gt0 ?mulr_gt0.
  have e : x * t / w = 1.
    apply: (ln_eq p); rewrite -(ler_pmul2l w0) mulrBr mulr1 mulrCA mulfV // mulr1 -mulrA (lnM x0) ?divr_gt0 //.
    by apply: le_shift le _; ring.
  by rewrite -[w]mul1r -e divfK // mulrC mulrA mulVf // mul1r.
have : (1 - x) * t + w * ln x < (1 - x) * t + w * (x - 1) by rewrite ltr_add2l ltr_pmul2l // ln_lt // lt_eqF.
move=> /(le_lt_trans le); have -> : (1 - x) * t + w * (x - 1) = (1 - x) * (t - w) by ring.
by rewrite ltNge mulr_ge0_le0 ?subr_ge0 ?subr_le0 // ltW.
Qed.

Lemma k_inj s t : w < s -> w < t -> k s = k t -> s = t.
Proof.
suff lt s' t' : w < s' -> s' < t' -> k s' < k t'.
  by move=> ws wt e; case: (ltgtP s t) => // [/(lt _ _ ws)|/(lt _ _ wt)]; rewrite e ltxx.
move=> ws st; have s0 := lt_trans w0 ws; have t0 := lt_trans s0 st; have wt := lt_trans ws st.
have x1 : w / s' < 1 by rewrite ltr_pdivr_mulr // mul1r.
apply: lt_le_trans (k_bound lnM ln_le w0 (divr_gt0 w0 s0) (ltW x1) (ltW t0)).
rewrite /k /Modes.k ws; have -> : ln (w / s') = - ln (s' / w) by rewrite -(lnV lnM) ?divr_gt0 // invf_div.
rewrite mulrN ltr_add2r; have -> : s' - w = (1 - w / s') * s' by rewrite mulrBl mul1r divfK // lt0r_neq0.
by rewrite ltr_pmul2l // subr_gt0.
Qed.

(** weights s_ji of modes i in coordinates j, x_j = 1 / (1 + g_j): at the least loss, mode and coordinate agree, and the
    active coordinates carry exactly the d largest modes above the threshold w. *)
Section Spectrum.
Variables (D d : nat) (s : 'I_d -> 'I_D -> R) (x : 'I_d -> R) (t : 'I_D -> R).
Hypothesis t0 : forall i, 0 <= t i.
Hypothesis tsort : forall i j : 'I_D, (i <= j)%N -> t j <= t i.
Hypothesis s0 : forall j i, 0 <= s j i.
Hypothesis x0 : forall j, 0 < x j.
Hypothesis x1 : forall j, x j <= 1.
Hypothesis rows : forall j, x j != 1 -> \sum_i s j i = 1.
Hypothesis out : forall j, x j = 1 -> forall i, s j i = 0.
Hypothesis cols : forall i, \sum_j s j i <= 1.
Hypothesis tight : \sum_(i < D | (i < d)%N) k (t i) <= \sum_j ((\sum_i (1 - x j) * t i * s j i) + w * ln (x j)).

Let gain j := \sum_i s j i * (k (t i) - ((1 - x j) * t i + w * ln (x j))).

Let gainE j : (\sum_i (1 - x j) * t i * s j i) + w * ln (x j) = \sum_i k (t i) * s j i - gain j.
Proof.
have [xj|xj] := eqVneq (x j) 1.
  by rewrite /gain !big1 ?xj ?(ln_1 lnM) ?mulr0 ?addr0 ?subr0 // => i _; rewrite out // ?mulr0 ?mul0r.
rewrite /gain -sumrB -[w * ln _ in LHS]mul1r -[X in X * (w * _)](rows xj) mulr_suml -big_split /=; apply: eq_bigr => i _.
by move: (k (t i)) (ln (x j)) => kk l; ring.
Qed.

Let gain_ge0 j i : 0 <= s j i * (k (t i) - ((1 - x j) * t i + w * ln (x j))).
Proof. by rewrite mulr_ge0 // subr_ge0 (k_bound lnM ln_le w0). Qed.

Let kd (i j : 'I_D) : (i <= j)%N -> k (t j) <= k (t i).
Proof. by move=> ij; apply: (k_mono lnM ln_le w0) => //; apply: tsort. Qed.
Let k0 (i : 'I_D) : 0 <= k (t i). Proof. exact: (k_ge0 lnM ln_le w0). Qed.
Let W i := \sum_j s j i.
Let W0 i : 0 <= W i. Proof. exact: sumr_ge0. Qed.
Let Wd : \sum_i W i <= d%:R.
Proof.
rewrite /W exchange_big /=; have -> : d%:R = \sum_(j < d) (1 : R) by rewrite sumr_const card_ord.
apply: ler_sum => j _; have [xj|xj] := eqVneq (x j) 1; last by rewrite rows.
by rewrite big1 ?ler01 // => i _; apply: out.
Qed.
Let total : \sum_j \sum_i k (t i) * s j i = \sum_i k (t i) * W i.
Proof. by rewrite exchange_big /=; apply: eq_bigr => i _; rewrite mulr_sumr. Qed.

Let gain0 j : gain j = 0.
Proof.
apply: sum_zero j => [j|]; first exact: sumr_ge0.
have := le_trans (ky_fan k0 kd W0 cols Wd) tight.
rewrite (eq_bigr _ (fun j _ => gainE j)) sumrB total => H.
by rewrite -oppr_ge0 -(ler_add2l (\sum_i k (t i) * W i)) addr0.
Qed.

Theorem spectrum_agrees j i : s j i != 0 -> w < t i /\ t i = w / x j.
Proof.
move=> sn; have xj : x j != 1 by apply: contra_neq sn => /out.
have := @sum_zero _ _ _ (gain_ge0 j); rewrite -/(gain j) gain0 => /(_ (lexx 0) i) /eqP.
rewrite mulf_eq0 (negbTE sn) subr_eq0 /= => /eqP e.
by apply: k_eq; rewrite ?e // lt_neqAle xj x1.
Qed.

Theorem spectrum_count (p : pred R) :
  #|[set j | (x j != 1) && p (w / x j)]| = #|[set i : 'I_D | [&& (i < d)%N, w < t i & p (t i)]]|.
Proof.
pose Q i := (w < t i) && p (t i).
have left : #|[set j | (x j != 1) && p (w / x j)]|%:R = \sum_i (Q i)%:R * W i.
  rewrite -sum1_card natr_sum big_mkcond /=.
  have -> : \sum_i (Q i)%:R * W i = \sum_j \sum_i (Q i)%:R * s j i.
    by rewrite exchange_big /=; apply: eq_bigr => i _; rewrite mulr_sumr.
  apply: eq_bigr => j _; rewrite inE; have [xj|xj] := eqVneq (x j) 1.
    by rewrite big1 // => i _; rewrite out // mulr0.
  have -> : \sum_i (Q i)%:R * s j i = \sum_i (p (w / x j))%:R * s j i.
    apply: eq_bigr => i _; have [->|/spectrum_agrees [wt e]] := eqVneq (s j i) 0; first by rewrite !mulr0.
    by rewrite /Q wt -e.
  by rewrite -mulr_sumr rows //= mulr1; case: (p _).
have right : #|[set i : 'I_D | [&& (i < d)%N, w < t i & p (t i)]]|%:R = \sum_(i < D) (Q i)%:R * (i < d)%N%:R :> R.
  rewrite -sum1_card natr_sum big_mkcond /=; apply: eq_bigr => i _; rewrite inE /Q.
  by case: (i < d)%N; rewrite ?mulr1 ?mulr0 //=; case: (_ && _).
have tight' : \sum_(i < D | (i < d)%N) k (t i) <= \sum_i k (t i) * W i.
  apply: le_trans tight _; rewrite (eq_bigr _ (fun j _ => gainE j)) sumrB total ler_subl_addr ler_addl.
  by rewrite sumr_ge0 // => j _; rewrite gain0.
have [kappa [kap0 far near]] := ky_fan_eq k0 kd W0 cols Wd tight'.
apply/eqP; rewrite -(eqr_nat R) left right -subr_eq0 -sumrB; apply/eqP.
have main : \sum_(i < D) (Q i)%:R * ((i < d)%N%:R - W i) = 0.
  have [kz|kn] := eqVneq kappa 0.
    rewrite big1 // => i _; have [ki|/far ->] := eqVneq (k (t i)) kappa; last by rewrite subrr mulr0.
    by rewrite /Q; case: ltP => [/k_pos|_]; rewrite ?mul0r // ki kz ltxx.
  have kp : 0 < kappa by rewrite lt_neqAle eq_sym kn.
  have up i : k (t i) = kappa -> w < t i.
    by move=> e; rewrite ltNge; apply: contraTN kp; move=> tw; rewrite -e /k /Modes.k [w < _]ltNge tw ltxx.
  have [i0 /eqP ki0|none] := pickP (fun i => k (t i) == kappa); last first.
    by rewrite big1 // => i _; rewrite far ?none // subrr mulr0.
  have -> : \sum_(i < D) (Q i)%:R * ((i < d)%N%:R - W i) = (Q i0)%:R * \sum_(i < D) ((i < d)%N%:R - W i).
    rewrite mulr_sumr; apply: eq_bigr => i _; have [ki|/far ->] := eqVneq (k (t i)) kappa; last by rewrite subrr !mulr0.
    by rewrite /Q (k_inj (up _ ki) (up _ ki0)) // ki ki0.
  by move/eqP: near; rewrite mulf_eq0 (negbTE kn) /= => /eqP ->; rewrite mulr0.
apply: oppr_inj; rewrite oppr0 -[RHS]main -sumrN; apply: eq_bigr => i _; ring.
Qed.
End Spectrum.
End Modes.
