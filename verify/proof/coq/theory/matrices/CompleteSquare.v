(** Completing the square in a decoder, in coordinates where the second moment is diagonal; square roots of a diagonal variance;
    Bessel's inequality for normalised rows. *)
From mathcomp Require Import all_ssreflect all_algebra ring.
Import Order.Theory GRing.Theory Num.Theory.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Section CompleteSquare.
Variable R : rcfType.

Lemma tr_quad m n (A : 'M[R]_(m, n)) : \tr (A *m A^T) = \sum_i \sum_j A i j ^+ 2.
Proof. by apply: eq_bigr => i _; rewrite mxE; apply: eq_bigr => j _; rewrite mxE expr2. Qed.

Lemma tr_quad_diag m n (A : 'M[R]_(m, n)) (t : 'rV_n) :
  \tr (A *m diag_mx t *m A^T) = \sum_i \sum_j t 0 j * A i j ^+ 2.
Proof.
apply: eq_bigr => i _; rewrite mul_mx_diag !mxE; apply: eq_bigr => j _.
by rewrite !mxE expr2 mulrA [t 0 j * _]mulrC.
Qed.

(** Completing the square in the decoder, in coordinates where the second moment is diagonal. *)
Lemma complete_square D d r (W : 'M[R]_(D, d)) (K : 'M[R]_(d, r)) (Z : 'M[R]_(D, r)) (g : 'rV[R]_d) :
  K *m K^T = diag_mx g -> (forall j, 0 <= g 0 j) ->
  let x := \row_j (1 + g 0 j)^-1 in
  \tr ((W *m K - Z) *m (W *m K - Z)^T) + \tr (W *m W^T)
  = \tr ((W - Z *m K^T *m diag_mx x) *m diag_mx (\row_j (1 + g 0 j)) *m (W - Z *m K^T *m diag_mx x)^T)
    + \tr (Z *m Z^T) - \tr (Z *m K^T *m diag_mx x *m (Z *m K^T)^T).
Proof.
move=> KK g0 x; pose N := diag_mx (\row_j (1 + g 0 j)) : 'M[R]_d.
have NE : N = K *m K^T + 1%:M.
  by rewrite KK /N; apply/matrixP => i j; rewrite !mxE; case: (i == j); rewrite ?mulr1n ?mulr0n ?addr0 // addrC.
have n0 j : 1 + g 0 j != 0 by rewrite lt0r_neq0 // ltr_paddr // ltr01.
have xN : diag_mx x *m N = 1%:M.
  rewrite /N mulmx_diag; apply/matrixP => i j; rewrite !mxE; case: eqP => [->|_]; rewrite ?mulr1n ?mulr0n //.
  by rewrite mulVf.
have Nx : N *m diag_mx x = 1%:M.
  rewrite /N mulmx_diag; apply/matrixP => i j; rewrite !mxE; case: eqP => [->|_]; rewrite ?mulr1n ?mulr0n //.
  by rewrite mulfV.
rewrite -/N -!mxtraceD -raddfB /=; congr (\tr _).
set C := Z *m K^T.
have xT : (diag_mx x)^T = diag_mx x by rewrite tr_diag_mx.
have -> : (W *m K - Z) *m (W *m K - Z)^T
  = W *m K *m (K^T *m W^T) - Z *m (K^T *m W^T) - (W *m K *m Z^T - Z *m Z^T).
  by rewrite linearB /= trmx_mul mulmxBr !mulmxBl.
have -> : (W - C *m diag_mx x) *m N *m (W - C *m diag_mx x)^T
  = W *m N *m W^T - C *m diag_mx x *m N *m W^T
    - (W *m N *m (diag_mx x *m C^T) - C *m diag_mx x *m N *m (diag_mx x *m C^T)).
  by rewrite linearB /= trmx_mul xT mulmxBr !mulmxBl.
have -> : C *m diag_mx x *m N *m W^T = C *m W^T by rewrite -(mulmxA C) xN mulmx1.
have -> : C *m diag_mx x *m N *m (diag_mx x *m C^T) = C *m diag_mx x *m C^T.
  by rewrite -(mulmxA C) xN mulmx1 mulmxA.
have -> : W *m N *m (diag_mx x *m C^T) = W *m C^T by rewrite mulmxA -(mulmxA W) Nx mulmx1.
have -> : W *m N *m W^T = W *m K *m (K^T *m W^T) + W *m W^T.
  by rewrite NE mulmxDr mulmx1 mulmxDl !mulmxA.
have -> : W *m K *m Z^T = W *m C^T by rewrite /C trmx_mul trmxK mulmxA.
have -> : Z *m (K^T *m W^T) = C *m W^T by rewrite /C mulmxA.
move: (W *m K *m (K^T *m W^T)) (W *m W^T) (W *m C^T) (C *m W^T) (Z *m Z^T) (C *m diag_mx x *m C^T).
by move=> A B E F G H; apply/matrixP => i j; rewrite !mxE; ring.
Qed.

Section Roots.
Variables (d : nat) (q : 'rV[R]_d).
Hypothesis q0 : forall j, 0 < q 0 j.
Let L : 'M[R]_d := diag_mx (\row_j Num.sqrt (q 0 j)).
Let Li : 'M[R]_d := diag_mx (\row_j (Num.sqrt (q 0 j))^-1).

Lemma sq0 j : Num.sqrt (q 0 j) != 0.
Proof. by rewrite lt0r_neq0 // sqrtr_gt0. Qed.

Lemma LT : L^T = L. Proof. exact: tr_diag_mx. Qed.
Lemma LL : L *m L = diag_mx q.
Proof.
rewrite mulmx_diag; congr diag_mx; apply/rowP => j; rewrite !mxE -expr2 sqr_sqrtr //.
exact: ltW.
Qed.
Lemma LLi : L *m Li = 1%:M.
Proof. by rewrite mulmx_diag; apply/matrixP => i j; rewrite !mxE mulfV ?sq0. Qed.

End Roots.

(** Bessel's inequality for the rows of Y, normalised. *)
Lemma bessel n m (Y : 'M[R]_(n, m)) (g : 'rV[R]_n) : Y *m Y^T = diag_mx g -> (forall j, 0 <= g 0 j) ->
  let s j i := if g 0 j == 0 then 0 else Y j i ^+ 2 / g 0 j in
  (forall j, g 0 j != 0 -> \sum_i s j i = 1) /\ (forall i, \sum_j s j i <= 1).
Proof.
move=> YY g0 s.
have row j : \sum_i Y j i ^+ 2 = g 0 j.
  have : (Y *m Y^T) j j = g 0 j by rewrite YY !mxE eqxx mulr1n.
  by rewrite mxE => <-; apply: eq_bigr => i _; rewrite mxE expr2.
split=> [j gj|i].
  rewrite /s (negbTE gj) -mulr_suml row mulfV //.
pose h := \row_j (if g 0 j == 0 then 0 else (Num.sqrt (g 0 j))^-1) : 'rV[R]_n.
have [T TE] : {T | T = diag_mx h *m Y} by exists (diag_mx h *m Y).
have Tij j k : T j k = h 0 j * Y j k by rewrite TE mul_diag_mx mxE.
have hg j : h 0 j * h 0 j * g 0 j = (g 0 j != 0)%:R.
  rewrite mxE; have [->|gj] := eqVneq (g 0 j) 0; first by rewrite mulr0.
  by rewrite -invfM -expr2 sqr_sqrtr // mulVf.
have TT : T *m T^T = diag_mx (\row_j (g 0 j != 0)%:R).
  rewrite TE trmx_mul tr_diag_mx mulmxA -(mulmxA _ Y) YY !mulmx_diag; congr diag_mx.
  by apply/rowP => j; rewrite !mxE -[in RHS]hg mxE mulrAC.
have TTT : T *m T^T *m T = T.
  apply/matrixP => j l; rewrite TT mul_diag_mx [LHS]mxE [X in X * _]mxE Tij.
  case: (eqVneq (g 0 j) 0) => [gj|gj]; last by rewrite mul1r.
  by rewrite mul0r mxE gj eqxx mul0r.
have sE : \sum_j s j i = (T^T *m T) i i.
  rewrite mxE; apply: eq_bigr => j _; rewrite [X in _ = X * _]mxE Tij /s.
  case: (eqVneq (g 0 j) 0) => [gj|gj]; first by rewrite mxE gj eqxx !mul0r.
  rewrite mxE (negbTE gj).
  have H : (Num.sqrt (g 0 j))^-1 * (Num.sqrt (g 0 j))^-1 = (g 0 j)^-1 by rewrite -invfM -expr2 sqr_sqrtr.
  by rewrite mulrACA H expr2 mulrC.
have idem : (T^T *m T) *m (T^T *m T) = T^T *m T by rewrite mulmxA -(mulmxA T^T) -mulmxA TTT.
have sym : (T^T *m T)^T = T^T *m T by rewrite trmx_mul trmxK.
move: sE idem sym; move: (T^T *m T) => P sE idem sym.
have e : P i i = \sum_l P i l * P l i by rewrite -{1}idem mxE.
have le2 : P i i ^+ 2 <= P i i.
  rewrite [X in _ <= X]e (bigD1 i) //= expr2 ler_addl sumr_ge0 // => l _.
  by rewrite -{1}sym mxE -expr2 sqr_ge0.
rewrite sE; case: (lerP (P i i) 1) => // gt1.
have p0 : 0 < P i i := lt_trans ltr01 gt1.
by move: le2; rewrite expr2 ger_pmull // leNgt gt1.
Qed.

End CompleteSquare.
