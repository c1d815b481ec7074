(** Positive definite matrices: log det X <= tr X - n with equality at 1 only; Hadamard's inequality log det X <= sum_j log X_jj
    with equality for diagonal matrices only. *)
From mathcomp Require Import all_ssreflect all_algebra ring.
From CollapseAudit Require Import Definitions Logarithm Spectral Diagonals.
Import Order.Theory GRing.Theory Num.Theory.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Section Hadamard.
Variables (R : rcfType) (ln : R -> R).
Hypothesis lnM : forall x y, 0 < x -> 0 < y -> ln (x * y) = ln x + ln y.

Section Inequality.
Hypothesis ln_le : forall x, 0 < x -> ln x <= x - 1.

Lemma posdef_eigen n (X : 'M[R]_n) : posdef X ->
  exists P (mu : 'rV[R]_n), [/\ P *m P^T = 1%:M, P *m X *m P^T = diag_mx mu & forall j, 0 < mu 0 j].
Proof.
move=> [XT pX]; have [P [mu [PP PX]]] := spectral XT; exists P, mu; split=> // j.
have -> : mu 0 j = (row j P *m X *m (row j P)^T) 0 0.
  have <- : diag_mx mu j j = mu 0 j by rewrite !mxE eqxx mulr1n.
  rewrite -PX [LHS]mxE -row_mul [RHS]mxE; apply: eq_bigr => i _.
  by rewrite [(row j _) 0 i]mxE; congr (_ * _); rewrite !mxE.
apply: pX; apply: contraTneq isT => z.
have : (P *m P^T) j j = 0 by rewrite mxE big1 // => i _; move/rowP/(_ i): z; rewrite !mxE => ->; rewrite mul0r.
by rewrite PP !mxE eqxx => /eqP; rewrite oner_eq0.
Qed.

Lemma logdet_le_trace n (X : 'M[R]_n) : posdef X -> 0 < \det X /\ ln (\det X) <= \tr X - n%:R.
Proof.
move=> /posdef_eigen [P [mu [PP PX mu0]]].
have dP : \det P * \det P = 1 by rewrite -{2}det_tr -det_mulmx PP det1.
have -> : \det X = \prod_j mu 0 j by rewrite -det_diag -PX !det_mulmx det_tr mulrAC dP mul1r.
have -> : \tr X = \sum_j mu 0 j by rewrite -mxtrace_diag -PX mxtrace_mulC mulmxA (mulmx1C PP) mul1mx.
split; first by rewrite prodr_gt0.
rewrite (ln_prod lnM) //; have -> : n%:R = \sum_(j < n) (1 : R) by rewrite sumr_const card_ord.
by rewrite -sumrB; apply: ler_sum => j _; apply: ln_le.
Qed.

(** X scaled to a unit diagonal *)
Lemma unit_diagonal n (X : 'M[R]_n) : posdef X -> exists (Y : 'M[R]_n) (s : 'rV[R]_n),
  [/\ posdef Y, forall j, 0 < s 0 j, forall i j, Y i j = s 0 i * X i j * s 0 j, \tr Y = n%:R
    & ln (\det Y) = ln (\det X) - \sum_j ln (X j j)].
Proof.
move=> pX; have [XT posX] := pX.
have d0 j : 0 < X j j.
  have e0 : delta_mx 0 j != 0 :> 'rV[R]_n by apply/eqP => /rowP/(_ j) /eqP; rewrite !mxE !eqxx oner_eq0.
  by have := posX _ e0; rewrite -rowE trmx_delta -colE !mxE.
have [s sE] : {s : 'rV[R]_n | s = \row_j (Num.sqrt (X j j))^-1} by exists (\row_j (Num.sqrt (X j j))^-1).
have s0 j : 0 < s 0 j by rewrite sE mxE invr_gt0 sqrtr_gt0.
have ss j : s 0 j * s 0 j = (X j j)^-1 by rewrite sE mxE -invfM -expr2 sqr_sqrtr // ltW.
pose Y := diag_mx s *m X *m diag_mx s.
have YE i j : Y i j = s 0 i * X i j * s 0 j by rewrite /Y mul_mx_diag mxE mul_diag_mx mxE.
exists Y, s; split=> //.
- split=> [|v v0]; first by rewrite /Y !trmx_mul tr_diag_mx XT mulmxA.
  have : v *m diag_mx s != 0.
    apply: contra_neq v0 => vs; apply/rowP => j; move/rowP/(_ j): vs; rewrite mul_mx_diag !mxE => /eqP.
    by rewrite mulf_eq0 (gt_eqF (s0 j)) orbF => /eqP.
  by move/posX; rewrite /Y trmx_mul tr_diag_mx !mulmxA.
- rewrite -[n in RHS]card_ord -sumr_const; apply: eq_bigr => j _.
  by rewrite YE mulrAC ss mulVf // gt_eqF.
have dX : 0 < \det X by have [] := logdet_le_trace pX.
have ps : 0 < \prod_i s 0 i by rewrite prodr_gt0.
rewrite /Y !det_mulmx det_diag mulrAC lnM ?mulr_gt0 // lnM // !(ln_prod lnM) // -big_split /= addrC; congr (_ + _).
by rewrite -sumrN; apply: eq_bigr => j _; rewrite -lnM // ss (lnV lnM).
Qed.

Theorem hadamard n (X : 'M[R]_n) : posdef X -> ln (\det X) <= \sum_j ln (X j j).
Proof.
move=> /unit_diagonal [Y [s [pY _ _ trY lnY]]]; rewrite -subr_le0 -lnY.
by have [_] := logdet_le_trace pY; rewrite trY subrr.
Qed.
End Inequality.

Hypothesis ln_lt : forall x, 0 < x -> x != 1 -> ln x < x - 1.
Let ln_le := strict_le lnM ln_lt.

(** log det X = tr X - n only at the identity *)
Lemma logdet_trace_eq n (X : 'M[R]_n) : posdef X -> \tr X - n%:R <= ln (\det X) -> X = 1%:M.
Proof.
move=> /posdef_eigen [P [mu [PP PX mu0]]]; rewrite -(tr_conj X PP) -(det_conj X PP) PX det_diag mxtrace_diag (ln_prod lnM) //.
have -> : n%:R = \sum_(j < n) (1 : R) by rewrite sumr_const card_ord.
rewrite -sumrB -subr_ge0 -sumrB => H.
have each j : ln (mu 0 j) - (mu 0 j - 1) <= 0 by rewrite subr_le0 ln_le.
have mu1 j : mu 0 j = 1.
  apply/eqP; apply: contraLR H => ne; rewrite -ltNge (bigD1 j) //= -[X in _ < X](addr0 (0 : R)).
  by apply: ltr_le_add; [rewrite subr_lt0 ln_lt | rewrite -oppr_ge0 -sumrN; apply: sumr_ge0 => l _; rewrite oppr_ge0].
have : diag_mx mu = 1%:M by apply/matrixP => i j; rewrite !mxE mu1.
rewrite -PX => /(congr1 (fun M => P^T *m M *m P)); rewrite mulmx1 !mulmxA (mulmx1C PP) mul1mx.
by rewrite -mulmxA (mulmx1C PP) mulmx1.
Qed.

(** Hadamard: equality only for a diagonal matrix *)
Theorem hadamard_eq n (X : 'M[R]_n) : posdef X -> \sum_j ln (X j j) <= ln (\det X) -> forall i j, i != j -> X i j = 0.
Proof.
move=> /(unit_diagonal ln_le) [Y [s [pY s0 YE trY lnY]]] le i j ij.
have Y1 : Y = 1%:M by apply: logdet_trace_eq; rewrite // trY subrr lnY subr_ge0.
have /eqP : Y i j = 0 by rewrite Y1 mxE (negbTE ij).
by rewrite YE !mulf_eq0 !(gt_eqF (s0 _)) orbF => /eqP.
Qed.
End Hadamard.
