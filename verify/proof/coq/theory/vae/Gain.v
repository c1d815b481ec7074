(** One mode with fixed variance: the gain (theta - y)_+^2 of a mode, its supermodularity. *)
From mathcomp Require Import all_ssreflect all_algebra ring.
From CollapseAudit Require Import Definitions.
Import Order.Theory GRing.Theory Num.Theory.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Section Gain.
Variable R : rcfType.
Implicit Types x y : R.

Lemma plus_ge0 x : 0 <= plus x. Proof. by rewrite /plus le_maxr lexx. Qed.
Lemma plus_ge x : x <= plus x. Proof. by rewrite /plus le_maxr lexx orbT. Qed.
Lemma plus_pos x : 0 <= x -> plus x = x. Proof. by move=> x0; rewrite /plus max_r. Qed.
Lemma plus_neg x : x <= 0 -> plus x = 0. Proof. by move=> x0; rewrite /plus max_l. Qed.
Lemma plus_mono x y : x <= y -> plus x <= plus y.
Proof. by move=> xy; rewrite /plus le_maxl !le_maxr lexx /= xy orbT. Qed.

Lemma plus_convex a b c d : a + d = b + c -> a <= b -> a <= c -> plus b + plus c <= plus a + plus d :> R.
Proof.
move=> e ab ac; have bd : b <= d by rewrite -(ler_add2l a) e addrC ler_add2l.
have cd : c <= d by rewrite -(ler_add2l a) e ler_add2r.
have [b0|b0] := lerP b 0; first by rewrite (plus_neg b0) add0r (le_trans (plus_mono cd)) // ler_addr plus_ge0.
have [c0|c0] := lerP c 0; first by rewrite (plus_neg c0) addr0 (le_trans (plus_mono bd)) // ler_addr plus_ge0.
by rewrite (plus_pos (ltW b0)) (plus_pos (ltW c0)) -e ler_add // plus_ge.
Qed.

Lemma square_convex a b c d : a + d = b + c -> a <= b -> a <= c ->
  plus b ^+ 2 + plus c ^+ 2 <= plus a ^+ 2 + plus d ^+ 2 :> R.
Proof.
move=> e ab ac; have H := plus_convex e ab ac.
have bd : b <= d by rewrite -(ler_add2l a) e addrC ler_add2l.
have cd : c <= d by rewrite -(ler_add2l a) e ler_add2r.
have [pb pc pa pd] : [/\ 0 <= plus b, 0 <= plus c, 0 <= plus a & 0 <= plus d] by rewrite !plus_ge0.
have [mb mc nb nc] : [/\ plus b <= plus d, plus c <= plus d, plus a <= plus b & plus a <= plus c].
  by split; apply: plus_mono.
move: (plus a) (plus b) (plus c) (plus d) H pa pb pc pd mb mc nb nc => {a b c d e ab ac bd cd} a b c d H pa pb pc pd mb mc nb nc.
rewrite -subr_ge0.
have -> : a ^+ 2 + d ^+ 2 - (b ^+ 2 + c ^+ 2) = (a + d - (b + c)) * (d + c) + (b - a) * ((d - b) + (c - a)) by ring.
by apply: addr_ge0; apply: mulr_ge0; rewrite ?subr_ge0 //; apply: addr_ge0; rewrite ?subr_ge0.
Qed.

(** one mode, the encoder eliminated: x = 1/(1 + omega^2/a), y = sqrt a sigma *)
Lemma gain_bound x th y : 0 < x -> x <= 1 -> 0 <= th -> 0 < y ->
  (1 - x) * th ^+ 2 - (x^-1 - 1) * y ^+ 2 <= plus (th - y) ^+ 2.
Proof.
move=> x0 x1 t0 y0; have xn : x != 0 by rewrite lt0r_neq0.
have [ty|yt] := leP th y.
  rewrite plus_neg ?subr_le0 // expr0n /= -oppr_ge0.
  have -> : - ((1 - x) * th ^+ 2 - (x^-1 - 1) * y ^+ 2) = (1 - x) / x * ((y ^+ 2 - th ^+ 2) + (1 - x) * th ^+ 2) by field.
  rewrite mulr_ge0 ?divr_ge0 ?subr_ge0 ?(ltW x0) // addr_ge0 ?mulr_ge0 ?sqr_ge0 ?subr_ge0 //.
  by rewrite ler_expn2r ?nnegrE // ltW.
rewrite plus_pos ?subr_ge0 ?(ltW yt) // -subr_ge0.
have -> : (th - y) ^+ 2 - ((1 - x) * th ^+ 2 - (x^-1 - 1) * y ^+ 2) = (x * th - y) ^+ 2 / x by field.
by rewrite divr_ge0 ?sqr_ge0 ?ltW.
Qed.
End Gain.
