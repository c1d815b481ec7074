(** The matching lemma's equality case (complementary slackness), and what it says for the gain (theta_i - b sigma_l)_+^2:
    coordinate j is used iff theta_j > b sigma_j. *)
From mathcomp Require Import all_ssreflect all_algebra ring.
From CollapseAudit Require Import Definitions Matching Gain ModesEquality.
Import Order.Theory GRing.Theory Num.Theory.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Section Slackness.
Variable R : realFieldType.
Variables (m r : nat) (H : nat -> nat -> R) (u v : nat -> R) (Pi : 'I_r -> 'I_m -> R).
Hypothesis P0 : forall i l, 0 <= Pi i l.
Hypothesis rows : forall i, \sum_l Pi i l <= 1.
Hypothesis cols : forall l, \sum_i Pi i l <= 1.
Hypothesis u0 : forall i : 'I_r, 0 <= u i.
Hypothesis v0 : forall l : 'I_m, 0 <= v l.
Hypothesis dual : forall (i : 'I_r) (l : 'I_m), H i l <= u i + v l.
Hypothesis tight : \sum_(i < r) u i + \sum_(l < m) v l <= \sum_(i < r) \sum_(l < m) Pi i l * H i l.

Let total : \sum_(i < r) \sum_(l < m) Pi i l * (u i + v l - H i l) + \sum_(i < r) u i * (1 - \sum_l Pi i l)
  + \sum_(l < m) v l * (1 - \sum_i Pi i l) <= 0.
Proof.
have -> : \sum_(l < m) v l * (1 - \sum_i Pi i l) = \sum_(l < m) v l - \sum_(i < r) \sum_(l < m) Pi i l * v l.
  rewrite [X in _ = _ - X]exchange_big -sumrB; apply: eq_bigr => l _; rewrite mulrBr mulr1; congr (_ - _).
  by rewrite mulr_sumr; apply: eq_bigr => i _; rewrite mulrC.
have -> : \sum_(i < r) u i * (1 - \sum_l Pi i l) = \sum_(i < r) u i - \sum_(i < r) \sum_(l < m) Pi i l * u i.
  rewrite -sumrB; apply: eq_bigr => i _; rewrite mulrBr mulr1; congr (_ - _).
  by rewrite mulr_sumr; apply: eq_bigr => l _; rewrite mulrC.
have -> : \sum_(i < r) \sum_(l < m) Pi i l * (u i + v l - H i l)
  = \sum_(i < r) \sum_(l < m) Pi i l * u i + \sum_(i < r) \sum_(l < m) Pi i l * v l - \sum_(i < r) \sum_(l < m) Pi i l * H i l.
  rewrite -big_split -sumrB; apply: eq_bigr => i _ /=; rewrite -big_split -sumrB; apply: eq_bigr => l _ /=; ring.
move: tight; rewrite -subr_ge0 -oppr_ge0.
by move: (\sum_(i < r) \sum_(l < m) Pi i l * H i l) (\sum_(i < r) \sum_(l < m) Pi i l * u i) (\sum_(i < r) \sum_(l < m) Pi i l * v l) => x y z; congr (0 <= _); ring.
Qed.

Let A0 (i : 'I_r) (l : 'I_m) : 0 <= Pi i l * (u i + v l - H i l). Proof. by rewrite mulr_ge0 ?subr_ge0. Qed.
Let B0 (i : 'I_r) : 0 <= u i * (1 - \sum_l Pi i l). Proof. by rewrite mulr_ge0 ?subr_ge0. Qed.
Let C0 (l : 'I_m) : 0 <= v l * (1 - \sum_i Pi i l). Proof. by rewrite mulr_ge0 ?subr_ge0. Qed.
Let sA : 0 <= \sum_(i < r) \sum_(l < m) Pi i l * (u i + v l - H i l). Proof. by apply: sumr_ge0 => i _; apply: sumr_ge0. Qed.
Let sB : 0 <= \sum_(i < r) u i * (1 - \sum_l Pi i l). Proof. by apply: sumr_ge0. Qed.
Let sC : 0 <= \sum_(l < m) v l * (1 - \sum_i Pi i l). Proof. by apply: sumr_ge0. Qed.

Lemma slack_pairs (i : 'I_r) (l : 'I_m) : Pi i l != 0 -> H i l = u i + v l.
Proof.
move=> Pn; have le : \sum_(i < r) \sum_(l < m) Pi i l * (u i + v l - H i l) <= 0.
  by apply: le_trans total; rewrite -addrA ler_addl addr_ge0.
have := sum_zero (A0 i) _ l; rewrite (sum_zero _ le i) => [/(_ (lexx 0)) /eqP|i' ]; last exact: sumr_ge0.
by rewrite mulf_eq0 (negbTE Pn) subr_eq0 => /eqP.
Qed.

Lemma slack_rows (i : 'I_r) : u i != 0 -> \sum_l Pi i l = 1.
Proof.
move=> un; have le : \sum_(i < r) u i * (1 - \sum_l Pi i l) <= 0.
  by apply: le_trans total; rewrite -addrA [X in _ <= X]addrCA ler_addl addr_ge0.
by have /eqP := sum_zero B0 le i; rewrite mulf_eq0 (negbTE un) subr_eq0 => /eqP <-.
Qed.

Lemma slack_cols (l : 'I_m) : v l != 0 -> \sum_i Pi i l = 1.
Proof.
move=> vn; have le : \sum_(l < m) v l * (1 - \sum_i Pi i l) <= 0.
  by apply: le_trans total; rewrite ler_addr addr_ge0.
by have /eqP := sum_zero C0 le l; rewrite mulf_eq0 (negbTE vn) subr_eq0 => /eqP <-.
Qed.
End Slackness.

Section Used.
Variables (R : rcfType) (D d : nat) (b : R) (theta sigma : nat -> R) (Pi : 'I_D -> 'I_d -> R).
Hypothesis b0 : 0 < b.
Hypothesis theta_dec : decreasing theta.
Hypothesis theta_pad : forall i, (D <= i)%N -> theta i = 0.
Hypothesis sigma_pos : forall i, 0 < sigma i.
Hypothesis sigma_lt : forall i j, (i < j)%N -> sigma i < sigma j.
Let G i l := plus (theta i - b * sigma l) ^+ 2.
Hypothesis P0 : forall i l, 0 <= Pi i l.
Hypothesis rows : forall i, \sum_l Pi i l <= 1.
Hypothesis cols01 : forall l, \sum_i Pi i l = 1 \/ forall i, Pi i l = 0.
Hypothesis gains : forall i l, Pi i l != 0 -> b * sigma l < theta i.
Hypothesis tight : \sum_(i < D | (i < d)%N) G i i <= \sum_(i < D) \sum_(l < d) Pi i l * G i l.

Let sigma_le i j : (i <= j)%N -> sigma i <= sigma j.
Proof. by rewrite leq_eqVlt => /orP [/eqP -> //|/sigma_lt/ltW]. Qed.
Let H i l := if (l < d)%N then G i l else 0.
Let H0 i l : 0 <= H i l. Proof. by rewrite /H; case: ifP => // _; apply: sqr_ge0. Qed.
Let Gj i j k : (j <= k)%N -> G i k <= G i j.
Proof. by move=> jk; rewrite ler_expn2r ?nnegrE ?plus_ge0 // plus_mono // ler_add2l ler_oppl opprK ler_wpmul2l ?(ltW b0) // sigma_le. Qed.
Let Hj i j k : (j <= k)%N -> H i k <= H i j.
Proof.
move=> jk; rewrite /H; case: (ltnP k d) => [kd|_]; last by case: ifP => // _; apply: sqr_ge0.
by rewrite (leq_ltn_trans jk kd) Gj.
Qed.
Let Gi i k l : (i <= k)%N -> G k l <= G i l.
Proof. by move=> ik; rewrite ler_expn2r ?nnegrE ?plus_ge0 // plus_mono // ler_add2r theta_dec. Qed.
Let Hs i k j l : (i <= k)%N -> (j <= l)%N -> H i l + H k j <= H i j + H k l.
Proof.
move=> ik jl; rewrite /H; case: (ltnP l d) => [ld|_]; last first.
  by rewrite add0r addr0; case: ifP => // _; apply: Gi.
rewrite (leq_ltn_trans jl ld) [X in _ <= X]addrC; have sl := ler_wpmul2l (ltW b0) (sigma_le jl); have tk := theta_dec ik.
by apply: square_convex; first ring; rewrite ?ler_add2l ?ler_add2r // ler_oppl opprK.
Qed.
Let N := (D + d)%N.
Let v (j : nat) := \sum_(j <= k < N) (H k.+1 k - H k.+1 k.+1).
Let u (i : nat) := H i i - v i.
Let Hz i : (D <= i)%N || (d <= i)%N -> H i i = 0.
Proof.
rewrite /H /G => /orP [Di|di]; last by rewrite ltnNge di.
by case: ifP => // _; rewrite theta_pad // sub0r plus_neg ?expr0n // oppr_le0 mulr_ge0 // ltW.
Qed.
Let row0 i l : (D <= i)%N -> H i l = 0.
Proof.
move=> Di; rewrite /H /G theta_pad //; case: ifP => // _.
by rewrite sub0r plus_neg ?expr0n // oppr_le0 mulr_ge0 // ltW.
Qed.
Let v0 j : 0 <= v j. Proof. by apply: sumr_ge0 => k _; rewrite subr_ge0 Hj. Qed.
Let vD j : (D <= j)%N -> v j = 0.
Proof.
move=> Dj; apply: big1_seq => k /andP [_]; rewrite mem_index_iota => /andP [jk _].
by rewrite !row0 ?subrr // (leq_trans Dj) // leqW.
Qed.
Let vd j : (d <= j)%N -> v j = 0.
Proof.
move=> dj; apply: big1_seq => k /andP [_]; rewrite mem_index_iota => /andP [jk _].
by rewrite /H !ltnNge (leq_trans dj jk) (leq_trans dj (leqW jk)) subrr.
Qed.
Let u0 (i : 'I_D) : 0 <= u i. Proof. by apply: (price_u H0 Hs); rewrite ltn_addr. Qed.
Let dual (i : 'I_D) (l : 'I_d) : H i l <= u i + v l.
Proof. by apply: (price_dual Hs); [rewrite ltn_addr | rewrite ltnW // ltn_addl]. Qed.
Let price_total : \sum_(i < D) u i + \sum_(l < d) v l = \sum_(i < D | (i < d)%N) G i i.
Proof.
have cut (f : nat -> R) k : (k <= N)%N -> (forall j, (k <= j)%N -> f j = 0) -> \sum_(j < k) f j = \sum_(j < N) f j.
  move=> kN f0; rewrite -(big_mkord xpredT f) -(big_mkord xpredT f) [RHS](big_cat_nat _ _ _ (leq0n k) kN) /= [X in _ = _ + X]big1_seq ?addr0 //.
  by move=> j /andP [_]; rewrite mem_index_iota => /andP [kj _]; apply: f0.
rewrite (cut u D) ?leq_addr // => [|j Dj]; last by rewrite /u vD // subr0 row0.
rewrite (cut v d) ?leq_addl // -big_split /= [RHS]big_mkcond /=.
have -> : \sum_(i < D) (if (i < d)%N then G i i else 0) = \sum_(i < D) H i i by [].
rewrite (cut (fun i => H i i) D) ?leq_addr // => [|j Dj]; last exact: row0.
by apply: eq_bigr => i _; rewrite subrK.
Qed.
Let cols l : \sum_i Pi i l <= 1.
Proof. by have [-> //|z] := cols01 l; rewrite big1 ?ler01. Qed.
Let tight' : \sum_(i < D) u i + \sum_(l < d) v l <= \sum_(i < D) \sum_(l < d) Pi i l * H i l.
Proof.
rewrite price_total; apply: le_trans tight _; rewrite le_eqVlt; apply/orP; left; apply/eqP.
by apply: eq_bigr => i _; apply: eq_bigr => l _; rewrite /H ltn_ord.
Qed.
Let pairs := slack_pairs P0 rows cols u0 (fun l : 'I_d => v0 l) dual tight'.
Let full := slack_rows P0 rows cols u0 (fun l : 'I_d => v0 l) dual tight'.
Let used := slack_cols P0 rows cols u0 (fun l : 'I_d => v0 l) dual tight'.

(** coordinate j carries a mode only if its own theta_j is above its threshold *)
Lemma used_above (i : 'I_D) (j : 'I_d) : Pi i j != 0 -> b * sigma j < theta j.
Proof.
move=> Pn; rewrite ltNge; apply/negP => tj; have ti := gains Pn.
have ij : (i < j)%N by rewrite ltnNge; apply/negP => ji; move: (lt_le_trans ti (theta_dec ji)); rewrite ltNge tj.
have := pairs Pn; case: (nat_of_ord j) (ltn_ord j) ij tj ti => [//|l] ld il tj ti; rewrite ltnS in il.
have lN : (l < N)%N by rewrite ltn_addl // ltnW.
have split_v : v l = H l.+1 l - H l.+1 l.+1 + v l.+1 by rewrite /v big_ltn.
move=> e; have : H i l <= u i + v l by apply: (price_dual Hs); [rewrite ltn_addr | rewrite ltnW].
have -> : u i + v l = H i l.+1 + (H l.+1 l - H l.+1 l.+1) by rewrite split_v e -[RHS]addrA; congr (_ + _); rewrite addrC.
rewrite /H ld (ltnW ld) leNgt => /negP; apply.
have tji : theta l.+1 < theta i := le_lt_trans tj ti.
have sl : b * sigma l < b * sigma l.+1 by rewrite ltr_pmul2l // sigma_lt.
rewrite /G (plus_neg (x := theta l.+1 - b * sigma l.+1)) ?subr_le0 // expr0n subr0.
rewrite !(plus_pos (x := theta i - _)) ?subr_ge0 ?(ltW ti) ?(ltW (lt_trans sl ti)) //.
have [C0|C0] := leP (theta l.+1 - b * sigma l) 0.
  rewrite plus_neg // expr0n addr0 ltr_expn2r ?nnegrE ?subr_ge0 ?(ltW ti) ?(ltW (lt_trans sl ti)) //.
  by rewrite ltr_add2l ltr_oppl opprK.
rewrite plus_pos ?(ltW C0) // -subr_gt0.
move: (theta i) (theta l.+1) (b * sigma l) (b * sigma l.+1) ti tj tji sl C0 => A T s1 s2 h1 h2 h3 h4 h5.
have -> : (A - s1) ^+ 2 - ((A - s2) ^+ 2 + (T - s1) ^+ 2) = (s2 - T) * (T - s1) + (s2 - s1) * ((A - T) + (A - s2)) by ring.
apply: ltr_paddl; first by rewrite mulr_ge0 ?subr_ge0 // -subr_ge0 ltW.
by rewrite mulr_gt0 ?subr_gt0 // addr_gt0 ?subr_gt0.
Qed.

(** ... and it does carry one then *)
Lemma above_used (j : 'I_d) : b * sigma j < theta j -> \sum_i Pi i j = 1.
Proof.
move=> tj; have [//|none] := cols01 j; exfalso.
have vj : v j = 0.
  by apply/eqP; apply: contraT => /used; rewrite big1 // => /eqP; rewrite eq_sym oner_eq0.
have good (i : 'I_D) : (i < d)%N && (b * sigma i < theta i) -> \sum_l Pi i l = 1.
  move=> /andP [id ti]; apply: full; apply: lt0r_neq0; have [ij|ji] := leqP i j.
    have := dual i j; rewrite vj addr0; apply: lt_le_trans; rewrite /H ltn_ord exprn_gt0 // plus_pos ?subr_ge0 ?subr_gt0.
      by apply: lt_le_trans tj (theta_dec ij).
    by rewrite ltW // (lt_le_trans tj) // theta_dec.
  have vi : v i = 0.
    have vE : v j = \sum_(j <= l < i) (H l.+1 l - H l.+1 l.+1) + v i.
      by apply: (price_split H (ltnW ji)); rewrite ltnW // ltn_addr.
    apply/eqP; rewrite eq_le v0 andbT -[X in _ <= X]vj vE ler_addr sumr_ge0 // => l _.
    by rewrite subr_ge0 Hj.
  by rewrite /u vi subr0 /H id exprn_gt0 // plus_pos ?subr_gt0 // subr_ge0 ltW.
have jD : (j < D)%N.
  by rewrite ltnNge; apply/negP => /theta_pad z; move: tj; rewrite z ltNge mulr_ge0 // ltW.
pose good_j (j' : 'I_d) := b * sigma j' < theta j'.
have upper : \sum_(l < d) \sum_i Pi i l <= \sum_(l < d | good_j l && (l != j)) 1.
  rewrite [X in _ <= X]big_mkcond; apply: ler_sum => l _; have [->|lj] := eqVneq l j; first by rewrite andbF big1.
  rewrite andbT; case: ifP => [_|bad]; first exact: cols.
  rewrite big1 // => i _; apply/eqP; apply: contraFT bad => Pn; exact: used_above Pn.
have lower : \sum_(l < d | good_j l) 1 <= \sum_(l < d) \sum_i Pi i l :> R.
  rewrite exchange_big /=; apply: (@le_trans _ _ (\sum_(i < D | (i < d)%N && (b * sigma i < theta i)) 1)); last first.
    rewrite [X in X <= _]big_mkcond; apply: ler_sum => i _; case: ifP => [/good -> //|_]; exact: sumr_ge0.
  rewrite big_mkcond [X in _ <= X]big_mkcondr /=.
  have -> : \sum_(i < d) (if good_j i then 1 else 0) = \sum_(i < D | (i < d)%N) (if b * sigma i < theta i then 1 else 0) :> R.
    apply: (@sum_cut R d D (fun i => if b * sigma i < theta i then 1 else 0)) => i Di.
    by rewrite theta_pad // ltNge mulr_ge0 // ltW.
  exact: lexx.
move: (le_trans lower upper); rewrite (bigD1 j) //= => H1.
by move: H1; rewrite ger_addr leNgt ltr01.
Qed.
End Used.
