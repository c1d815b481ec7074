(** What the theorems use of the logarithm: ln (x y) = ln x + ln y and ln x < x - 1 for x <> 1. R is any real closed field.
    RealLogarithm.v: Coq's own logarithm has both properties. *)
From mathcomp Require Import all_ssreflect all_algebra ring.
Import Order.Theory GRing.Theory Num.Theory.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Section Logarithm.
Variables (R : rcfType) (ln : R -> R).
Hypothesis lnM : forall x y, 0 < x -> 0 < y -> ln (x * y) = ln x + ln y.

Lemma ln_1 : ln 1 = 0.
Proof. by apply: (addrI (ln 1)); rewrite addr0 -lnM ?ltr01 // mulr1. Qed.

Lemma lnV x : 0 < x -> ln x^-1 = - ln x.
Proof. by move=> x0; apply/eqP; rewrite -addr_eq0 -lnM ?invr_gt0 // mulVf ?lt0r_neq0 // ln_1. Qed.

Lemma ln_prod (I : finType) (f : I -> R) : (forall i, 0 < f i) -> ln (\prod_i f i) = \sum_i ln (f i).
Proof.
move=> f0; suff [] : 0 < \prod_i f i /\ ln (\prod_i f i) = \sum_i ln (f i) by [].
apply: (big_rec2 (fun x y => 0 < x /\ ln x = y)); first by rewrite ltr01 ln_1.
by move=> i x y _ [x0 <-]; rewrite mulr_gt0 // lnM.
Qed.

Lemma lndet_diag n (q : 'rV[R]_n) : (forall j, 0 < q 0 j) -> ln (\det (diag_mx q)) = \sum_j ln (q 0 j).
Proof. by move=> q0; rewrite det_diag ln_prod. Qed.

Hypothesis ln_lt : forall x, 0 < x -> x != 1 -> ln x < x - 1.

Lemma strict_le x : 0 < x -> ln x <= x - 1.
Proof. by move=> x0; have [->|/(ln_lt x0)/ltW //] := eqVneq x 1; rewrite ln_1 subrr. Qed.

End Logarithm.
