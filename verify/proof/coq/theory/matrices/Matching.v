(** The matching lemma: a doubly substochastic average of a supermodular gain is at most the sum of the gain over equal indices.
    Ky Fan's sum (gain independent of j) and von Neumann's alignment are its special cases. *)
From mathcomp Require Import all_ssreflect all_algebra ring.
Import Order.Theory GRing.Theory Num.Theory.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Section Matching.
Variable R : realFieldType.

(** a sum over d coordinates of something that vanishes from r on is a sum over the modes below both *)
Lemma sum_cut (d r : nat) (f : nat -> R) : (forall i, (r <= i)%N -> f i = 0) ->
  \sum_(l < d) f l = \sum_(i < r | (i < d)%N) f i.
Proof.
move=> f0; rewrite -(big_mkord xpredT f) -(big_mkord (fun i => (i < d)%N) f).
have [rd|/ltnW dr] := leqP r d.
  rewrite (big_cat_nat _ _ _ (leq0n r) rd) /= [X in _ + X]big1_seq ?addr0; last first.
    by move=> i /andP [_]; rewrite mem_index_iota => /andP [ri _]; exact: f0.
  rewrite [LHS]big_nat [RHS]big_nat_cond; apply: eq_bigl => i /=.
  by case: (ltnP i r) => //= ir; rewrite (leq_trans ir rd).
rewrite [RHS](big_cat_nat _ _ _ (leq0n d) dr) /= [X in _ = _ + X]big1_seq ?addr0.
  by rewrite [LHS]big_nat [RHS]big_nat_cond; apply: eq_bigl => i /=; case: (ltnP i d).
by move=> i /andP [id]; rewrite mem_index_iota leqNgt id.
Qed.


Section Square.
Variables (n : nat) (G : nat -> nat -> R).
Hypothesis G0 : forall i j, 0 <= G i j.
Hypothesis Gj : forall i j k, (j <= k)%N -> G i k <= G i j.
Hypothesis Gz : forall i j, (n <= i)%N -> G i j = 0.
Hypothesis super : forall i k j l, (i <= k)%N -> (j <= l)%N -> G i l + G k j <= G i j + G k l.

(** dual prices, by telescoping *)
Let v (j : nat) := \sum_(j <= k < n) (G k.+1 k - G k.+1 k.+1).

Let telescope i j k : (j <= k)%N -> \sum_(j <= l < k) (G i l - G i l.+1) = G i j - G i k.
Proof.
move=> jk; rewrite -[RHS]opprB -(telescope_sumr (G i) jk) -sumrN.
by apply: eq_bigr => l _; rewrite opprB.
Qed.

Lemma price_ge0 j : 0 <= v j.
Proof. by apply: sumr_ge0 => k _; rewrite subr_ge0 Gj. Qed.

Lemma price_split j k : (j <= k)%N -> (k <= n)%N -> v j = \sum_(j <= l < k) (G l.+1 l - G l.+1 l.+1) + v k.
Proof. by move=> jk kn; rewrite /v (big_cat_nat _ _ _ jk kn). Qed.

Lemma price_dual i j : (i < n)%N -> (j <= n)%N -> G i j <= G i i - v i + v j.
Proof.
move=> iN jn; have [ij|/ltnW ji] := leqP i j.
  rewrite (price_split ij jn) opprD addrA subrK.
  rewrite -subr_ge0 addrAC subr_ge0 -(telescope i ij); apply: ler_sum_nat => l /andP [il _].
  rewrite ler_subl_addr addrAC ler_subr_addr addrC. by apply: super; rewrite // leqW.
rewrite (price_split ji (ltnW iN)) [_ + v i]addrC addrA subrK -ler_subl_addl -(telescope i ji).
apply: ler_sum_nat => l /andP [_ li].
by rewrite ler_subl_addr addrAC ler_subr_addr addrC; apply: super.
Qed.

Lemma price_u i : (i < n)%N -> 0 <= G i i - v i.
Proof. by move=> iN; apply: le_trans (G0 i n) _; have := price_dual iN (leqnn n); rewrite [v n]big_geq // addr0. Qed.

End Square.

(** m rows (latent coordinates l), r columns (modes i) *)
Theorem matching m r (G : nat -> nat -> R) (Pi : 'I_r -> 'I_m -> R) :
  (forall i l, 0 <= G i l) ->
  (forall i l k, (l <= k)%N -> G i k <= G i l) ->
  (forall i k l, (i <= k)%N -> G k l <= G i l) ->
  (forall i k j l, (i <= k)%N -> (j <= l)%N -> G i l + G k j <= G i j + G k l) ->
  (forall i l, 0 <= Pi i l) -> (forall i, \sum_l Pi i l <= 1) -> (forall l, \sum_i Pi i l <= 1) ->
  \sum_i \sum_l Pi i l * G i l <= \sum_(i < r | (i < m)%N) G i i.
Proof.
move=> G0 Gj Gi super P0 rows cols.
pose H (i j : nat) := if (i < r)%N && (j < m)%N then G i j else 0.
have H0 i j : 0 <= H i j by rewrite /H; case: ifP.
have Hj i j k : (j <= k)%N -> H i k <= H i j.
  move=> jk; rewrite /H; case: (ltnP i r) => //= _; case: (ltnP k m) => [km|_]; first by rewrite (leq_ltn_trans jk km) Gj.
  by case: ifP.
have Hz i j : (r + m <= i)%N -> H i j = 0.
  by move=> N; rewrite /H ltnNge (leq_trans (leq_addr _ _) N).
have Hs i k j l : (i <= k)%N -> (j <= l)%N -> H i l + H k j <= H i j + H k l.
  move=> ik jl; rewrite /H; case: (ltnP k r) => [kr|_] /=.
    rewrite (leq_ltn_trans ik kr) /=; case: (ltnP l m) => [lm|_]; first by rewrite (leq_ltn_trans jl lm) super.
    by rewrite add0r addr0; case: ifP => // _; exact: Gi.
  by rewrite !addr0; case: (ltnP i r) => //= _; case: (ltnP l m) => [lm|_]; [rewrite (leq_ltn_trans jl lm) Gj | case: ifP].
pose N := (r + m)%N; pose v (j : nat) := \sum_(j <= k < N) (H k.+1 k - H k.+1 k.+1).
have inN (i : 'I_r) : (i < N)%N by rewrite ltn_addr.
have jnN (l : 'I_m) : (l < N)%N by rewrite ltn_addl.
have u0 (i : nat) : (i < N)%N -> 0 <= H i i - v i by move=> iN; apply: price_u H0 Hs _ iN.
have v0 j : 0 <= v j by apply: sumr_ge0 => k _; rewrite subr_ge0 Hj.
apply: (@le_trans _ _ (\sum_(i < r) \sum_(l < m) Pi i l * ((H i i - v i) + v l))).
  apply: ler_sum => i _; apply: ler_sum => l _; apply: ler_wpmul2l => //.
  have := price_dual Hs (inN i) (ltnW (jnN l)); by rewrite {1}/H !ltn_ord.
apply: (@le_trans _ _ (\sum_(i < r) (H i i - v i) + \sum_(l < m) v l)).
  have -> : \sum_(i < r) \sum_(l < m) Pi i l * (H i i - v i + v l)
    = \sum_(i < r) (H i i - v i) * (\sum_l Pi i l) + \sum_(l < m) v l * (\sum_i Pi i l).
    have -> : \sum_(l < m) v l * (\sum_i Pi i l) = \sum_(i < r) \sum_(l < m) Pi i l * v l.
      by rewrite exchange_big /=; apply: eq_bigr => l _; rewrite mulr_sumr; apply: eq_bigr => i _; rewrite mulrC.
    rewrite -big_split /=; apply: eq_bigr => i _; rewrite mulr_sumr -big_split /=.
    by apply: eq_bigr => l _; rewrite mulrDr [_ * (H i i - v i)]mulrC.
  by apply: ler_add; apply: ler_sum => i _; rewrite -[leRHS]mulr1 ler_wpmul2l // u0.
have out j : (r <= j)%N || (m <= j)%N -> H j j - v j + v j = 0.
  by rewrite subrK /H => /orP [rj|mj]; rewrite ltnNge ?rj // [(j < m)%N]ltnNge mj andbF.
have vr j : (r <= j)%N -> v j = 0.
  move=> rj; apply: big1_seq => k /andP [_]; rewrite mem_index_iota => /andP [jk _].
  have e l : H k.+1 l = 0 by rewrite /H ltnNge (leq_trans rj) // leqW.
  by rewrite !e subrr.
have vm j : (m <= j)%N -> v j = 0.
  move=> mj; apply: big1_seq => k /andP [_]; rewrite mem_index_iota => /andP [jk _].
  have e : H k.+1 k = 0 by rewrite /H [(k < m)%N]ltnNge (leq_trans mj jk) andbF.
  have e' : H k.+1 k.+1 = 0 by rewrite /H [(k.+1 < m)%N]ltnNge (leq_trans mj) ?andbF // leqW.
  by rewrite e e' subrr.
rewrite -(big_mkord xpredT (fun i => H i i - v i)) -(big_mkord xpredT v) -(big_mkord (fun i => (i < m)%N) (fun i => G i i)).
have cut (f : nat -> R) k : (k <= N)%N -> (forall j, (k <= j)%N -> f j = 0) -> \sum_(0 <= j < k) f j = \sum_(0 <= j < N) f j.
  move=> kN f0; rewrite [RHS](big_cat_nat _ _ _ (leq0n k) kN) /= [X in _ = _ + X]big1_seq ?addr0 //.
  by move=> j /andP [_]; rewrite mem_index_iota => /andP [kj _]; apply: f0.
rewrite (cut _ r) ?leq_addr => [|//|j rj]; last by rewrite vr // subr0 /H ltnNge rj.
rewrite (cut v m) ?leq_addl // -big_split /=.
have -> : \sum_(0 <= i < r | (i < m)%N) G i i = \sum_(0 <= i < r) H i i.
  rewrite [LHS]big_mkcond /= !big_nat; apply: eq_bigr => i /andP [_ ir].
  by rewrite /H ir.
rewrite (cut (fun i => H i i) r) ?leq_addr // => [|j rj]; last by rewrite /H ltnNge rj.
by rewrite le_eqVlt; apply/orP; left; apply/eqP; apply: eq_bigr => i _; rewrite subrK.
Qed.

(** Ky Fan: weights in [0, 1] that add up to at most d pick at most the d largest values. *)
Lemma ky_fan (r d : nat) (k w : 'I_r -> R) :
  (forall i, 0 <= k i) -> (forall i j : 'I_r, (i <= j)%N -> k j <= k i) ->
  (forall i, 0 <= w i) -> (forall i, w i <= 1) -> \sum_i w i <= d%:R ->
  \sum_i k i * w i <= \sum_(i < r | (i < d)%N) k i.
Proof.
move=> k0 kd w0 w1 wd; rewrite [leRHS]big_mkcond /=.
have [rd|dr] := leqP r d.
  apply: ler_sum => i _; rewrite (leq_trans (ltn_ord i) rd).
  by rewrite -[leRHS]mulr1 ler_wpmul2l.
pose t := k (Ordinal dr).
rewrite -subr_ge0 -sumrB.
apply: (@le_trans _ _ (\sum_(i < r) t * ((i < d)%N%:R - w i))).
  rewrite -mulr_sumr mulr_ge0 ?k0 // sumrB subr_ge0 (le_trans wd) //.
  rewrite -natr_sum ler_nat.
  rewrite -(big_mkcond (fun i : 'I_r => (i < d)%N) (fun=> 1%N)) /=.
  by rewrite -(big_ord_widen r (fun=> 1%N)) ?(ltnW dr) // sum1_card card_ord.
apply: ler_sum => i _; have [id|di] := ltnP i d.
  rewrite -[X in _ <= X - _]mulr1 -mulrBr ler_wpmul2r ?subr_ge0 //.
  by apply: kd; rewrite ltnW.
by rewrite sub0r sub0r mulrN ler_oppl opprK ler_wpmul2r // kd.
Qed.

(** von Neumann's alignment for doubly substochastic weights. *)
Lemma alignment_sub d r (y t : nat -> R) (Pi : 'I_d -> 'I_r -> R) :
  (forall i, 0 <= y i) -> (forall i j, (i <= j)%N -> y j <= y i) -> (forall i, 0 <= t i) -> (forall i j, (i <= j)%N -> t j <= t i) ->
  (forall i, (d <= i)%N -> y i = 0) ->
  (forall j i, 0 <= Pi j i) -> (forall j, \sum_i Pi j i <= 1) -> (forall i, \sum_j Pi j i <= 1) ->
  \sum_(j < d) \sum_(i < r) Pi j i * (y j * t i) <= \sum_(i < r) y i * t i.
Proof.
move=> y0 yd t0 td yz P0 rows cols.
have G0 i l : 0 <= y i * t l by rewrite mulr_ge0.
apply: le_trans (matching (G := fun i l => y i * t l) G0 _ _ _ P0 rows cols) _ => [i l k lk|i k l ik|i k j l ik jl|].
- by rewrite ler_wpmul2l // td.
- by rewrite ler_wpmul2r // yd.
- rewrite -subr_ge0; have -> : y i * t j + y k * t l - (y i * t l + y k * t j) = (y i - y k) * (t j - t l) by ring.
  by rewrite mulr_ge0 ?subr_ge0 ?yd ?td.
by rewrite -(sum_cut r (f := fun i => y i * t i)) // => i di; rewrite yz // mul0r.
Qed.

(** von Neumann's trace inequality for doubly stochastic weights and values of any sign: p falls, r rises. *)
(** By a dual certificate u_i + v_j <= p_i r_j, equal at i = j, v_j = sum_(k < j) p_{k+1} (r_{k+1} - r_k). *)
Lemma alignment n (p r : nat -> R) (S : 'I_n -> 'I_n -> R) :
  (forall i j : nat, (i <= j)%N -> p j <= p i) -> (forall i j : nat, (i <= j)%N -> r i <= r j) ->
  (forall i j, 0 <= S i j) -> (forall i, \sum_j S i j = 1) -> (forall j, \sum_i S i j = 1) ->
  \sum_(i < n) p i * r i <= \sum_(i < n) \sum_(j < n) S i j * (p i * r j).
Proof.
move=> pd ri S0 rows cols.
pose v (j : nat) := \sum_(0 <= k < j) p k.+1 * (r k.+1 - r k).
have dual (i j : nat) : p i * r i - v i + v j <= p i * r j.
  have [ij|/ltnW ji] := leqP i j.
    have -> : v j = v i + \sum_(i <= k < j) p k.+1 * (r k.+1 - r k) by rewrite /v (big_cat_nat _ _ _ (leq0n i) ij).
    have H : \sum_(i <= k < j) p k.+1 * (r k.+1 - r k) <= p i * (r j - r i).
      rewrite -(telescope_sumr r ij) mulr_sumr; apply: ler_sum_nat => l /andP [il _].
      by rewrite ler_wpmul2r ?subr_ge0 ?ri // pd // (leq_trans il).
    rewrite -subr_ge0; move: H; rewrite -subr_ge0 mulrBr.
    by move: (\sum_(_ <= _ < _) _) => X; congr (0 <= _); ring.
  have -> : v i = v j + \sum_(j <= k < i) p k.+1 * (r k.+1 - r k) by rewrite /v (big_cat_nat _ _ _ (leq0n j) ji).
  have H : p i * (r i - r j) <= \sum_(j <= k < i) p k.+1 * (r k.+1 - r k).
    rewrite -(telescope_sumr r ji) mulr_sumr; apply: ler_sum_nat => l /andP [_ li].
    by rewrite ler_wpmul2r ?subr_ge0 ?ri // pd.
  rewrite -subr_ge0; move: H; rewrite -subr_ge0 mulrBr.
  by move: (\sum_(_ <= _ < _) _) => X; congr (0 <= _); ring.
have -> : \sum_(i < n) p i * r i = \sum_(i < n) \sum_(j < n) S i j * (p i * r i - v i + v j).
  transitivity (\sum_(i < n) ((p i * r i - v i) + \sum_(j < n) S i j * v j)).
    rewrite big_split /= [X in _ = _ + X]exchange_big /=.
    have -> : \sum_(j < n) \sum_(i < n) S i j * v j = \sum_(j < n) v j.
      by apply: eq_bigr => j _; rewrite -mulr_suml cols mul1r.
    by rewrite -big_split /=; apply: eq_bigr => i _; rewrite subrK.
  apply: eq_bigr => i _; rewrite -[X in X + _ = _]mul1r -(rows i) mulr_suml -big_split /=.
  by apply: eq_bigr => j _; rewrite -mulrDr.
by apply: ler_sum => i _; apply: ler_sum => j _; rewrite ler_wpmul2l.
Qed.
End Matching.
