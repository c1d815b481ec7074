(** Real symmetric matrices over any real closed field: eigenvalues, orthogonal diagonalisation.
    Not in MathComp 1.15; proved here from the algebraic closedness of R[i]. *)
From mathcomp Require Import all_ssreflect all_algebra complex.
From CollapseAudit Require Import Definitions.
Import Order.Theory GRing.Theory Num.Theory.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Section Spectral.
Variable R : rcfType.

Lemma sqn_ge0 n (v : 'rV[R]_n) : 0 <= (v *m v^T) 0 0.
Proof. by rewrite mxE sumr_ge0 // => i _; rewrite mxE -expr2 sqr_ge0. Qed.

Lemma sqn_eq0 n (v : 'rV[R]_n) : (v *m v^T) 0 0 = 0 -> v = 0.
Proof.
rewrite mxE => /eqP; rewrite psumr_eq0 => [/allP H|i _]; last by rewrite mxE -expr2 sqr_ge0.
apply/rowP => i; rewrite mxE; have := H i (mem_index_enum i).
by rewrite mxE mulf_eq0 orbb => /eqP.
Qed.

Lemma real_eigen n (A : 'M[R]_n.+1) : A^T = A ->
  exists (a : R) (v : 'rV[R]_n.+1), v != 0 /\ v *m A = a *: v.
Proof.
move=> symA; pose B := map_mx (real_complex R) A.
have [z /eigenvalueP [w wB w0]] : exists z, eigenvalue B z.
  have /closed_rootP [z rz] : size (char_poly B) != 1%N by rewrite size_char_poly.
  by exists z; rewrite eigenvalue_root_char.
pose a := map_mx (@complex.Re R) w; pose b := map_mx (@complex.Im R) w.
have eA : a *m A = complex.Re z *: a - complex.Im z *: b.
  apply/rowP => j; have /rowP/(_ j) := wB; rewrite !mxE => /(congr1 (@complex.Re R)).
  rewrite raddf_sum; have -> : complex.Re (z * w 0 j) = complex.Re z * complex.Re (w 0 j) - complex.Im z * complex.Im (w 0 j).
    by case: (z) (w 0 j) => ? ? [].
  move=> <-; apply: eq_bigr => k _; rewrite !mxE.
  by case: (w 0 k) => x y /=; rewrite mulr0 subr0.
have eB : b *m A = complex.Re z *: b + complex.Im z *: a.
  apply/rowP => j; have /rowP/(_ j) := wB; rewrite !mxE => /(congr1 (@complex.Im R)).
  rewrite raddf_sum; have -> : complex.Im (z * w 0 j) = complex.Re z * complex.Im (w 0 j) + complex.Im z * complex.Re (w 0 j).
    by case: (z) (w 0 j) => ? ? [].
  move=> <-; apply: eq_bigr => k _; rewrite !mxE.
  by case: (w 0 k) => x y /=; rewrite mulr0 add0r.
have sym : (a *m A *m b^T) 0 0 = (b *m A *m a^T) 0 0.
  have -> : b *m A *m a^T = (a *m A *m b^T)^T by rewrite !trmx_mul trmxK symA mulmxA.
  by rewrite [RHS]mxE.
have y0 : complex.Im z = 0.
  move: sym; rewrite eA eB mulmxBl mulmxDl -!scalemxAl !mxE.
  have -> : \sum_j b 0 j * a^T j 0 = \sum_j a 0 j * b^T j 0.
    by apply: eq_bigr => j _; rewrite ![in LHS]mxE ![in RHS]mxE mulrC.
  move/(congr1 (fun u => u - complex.Re z * \sum_j a 0 j * b^T j 0)).
  rewrite addrAC subrr add0r addrAC subrr add0r => /eqP.
  rewrite eq_sym -subr_eq0 opprK -mulrDr mulf_eq0 => /orP [/eqP // | /eqP s0].
  have A0 := sqn_ge0 a; have B0 := sqn_ge0 b.
  have s0' : (a *m a^T) 0 0 + (b *m b^T) 0 0 = 0 by rewrite ![(_ *m _) 0 0]mxE.
  have a0 : a = 0 by apply: sqn_eq0; apply/eqP; rewrite eq_le A0 andbT -s0' ler_addl.
  have b0 : b = 0 by apply: sqn_eq0; apply/eqP; rewrite eq_le B0 andbT -s0' ler_addr.
  case/negP: w0; apply/eqP/rowP => j; move/rowP/(_ j): a0; move/rowP/(_ j): b0; rewrite !mxE.
  by case: (w 0 j) => x y /= -> ->.
rewrite y0 scale0r subr0 in eA; rewrite y0 scale0r addr0 in eB.
exists (complex.Re z).
have [a0|a0] := eqVneq a 0; last by exists a.
exists b; split=> //; apply: contra_neq w0 => b0.
apply/rowP => j; move/rowP/(_ j): a0; move/rowP/(_ j): b0; rewrite !mxE.
by case: (w 0 j) => x y /= -> ->.
Qed.

(** An orthogonal matrix with a given unit first row: a Householder reflection. *)
Lemma householder n (v : 'rV[R]_n.+1) : (v *m v^T) 0 0 = 1 ->
  exists H : 'M[R]_n.+1, [/\ H *m H^T = 1%:M & row 0 H = v].
Proof.
move=> v1; pose e : 'rV[R]_n.+1 := delta_mx 0 0.
have [ve|ve] := eqVneq v e; first by exists 1%:M; split; [rewrite trmx1 mul1mx|rewrite rowE mulmx1 ve].
have [u uE] : {u | u = v - e} by exists (v - e).
have [c cD] : {c | c = (u *m u^T) 0 0} by exists ((u *m u^T) 0 0).
have c0 : c != 0 by rewrite cD; apply/eqP => /sqn_eq0 /eqP; rewrite uE subr_eq0 (negbTE ve).
have e1 : (e *m e^T) 0 0 = 1.
  by rewrite /e trmx_delta mul_delta_mx mxE !eqxx.
have ev : (e *m v^T) 0 0 = (v *m e^T) 0 0.
  by rewrite -[v *m e^T]trmxK trmx_mul trmxK [in RHS]mxE.
have cE : c = 2%:R - 2%:R * (v *m e^T) 0 0.
  rewrite cD uE linearB /= mulmxBl !mulmxBr !mxE.
  have H1 : \sum_j v 0 j * v^T j 0 = 1 by rewrite -v1 mxE.
  have H2 : \sum_j e 0 j * e^T j 0 = 1 by rewrite -e1 mxE.
  have H3 : \sum_j v 0 j * e^T j 0 = (v *m e^T) 0 0 by rewrite mxE.
  have H4 : \sum_j e 0 j * v^T j 0 = (v *m e^T) 0 0 by rewrite -ev mxE.
  rewrite H1 H2 H3 H4 opprB addrACA -opprD mulrDl !mul1r.
  by rewrite [X in _ - (_ + X)]mxE.
pose H := 1%:M - (2%:R / c) *: (u^T *m u).
have symH : H^T = H by rewrite /H linearB linearZ /= trmx1 trmx_mul trmxK.
exists H; split.
  rewrite symH /H mulmxBl mul1mx mulmxBr mulmx1 -scalemxAl -scalemxAr scalerA.
  have -> : u^T *m u *m (u^T *m u) = c *: (u^T *m u).
    rewrite mulmxA -(mulmxA u^T) [u *m u^T]mx11_scalar -cD mul_mx_scalar -scalemxAl.
    by [].
  rewrite scalerA.
  have -> : 2%:R / c * (2%:R / c) * c = 2%:R / c + 2%:R / c by rewrite -mulrA divfK // mulr_natr mulr2n.
  by rewrite scalerDl opprB addrK subrK.
rewrite rowE -/e /H mulmxBr mulmx1 -scalemxAr mulmxA [e *m u^T]mx11_scalar mul_scalar_mx scalerA.
have -> : 2%:R / c * (e *m u^T) 0 0 = -1.
  have -> : (e *m u^T) 0 0 = - (c / 2%:R).
    rewrite uE linearB /= mulmxBr [LHS]mxE [in X in _ + X]mxE ev e1 cE.
    by rewrite -[X in X - _ * _]mulr1 -mulrBr mulrAC mulfV ?mul1r ?pnatr_eq0 // opprB.
  by rewrite mulrN mulrA divfK // mulfV ?pnatr_eq0.
by rewrite scaleN1r opprK uE addrC subrK.
Qed.

Lemma unit_eigen n (A : 'M[R]_n.+1) : A^T = A ->
  exists (a : R) (v : 'rV[R]_n.+1), (v *m v^T) 0 0 = 1 /\ v *m A = a *: v.
Proof.
move=> /real_eigen [a [v [v0 vA]]]; exists a.
have p : 0 < (v *m v^T) 0 0.
  by rewrite lt_neqAle sqn_ge0 andbT eq_sym; apply: contra_neq v0 => /sqn_eq0.
exists ((Num.sqrt ((v *m v^T) 0 0))^-1 *: v); split.
  rewrite linearZ /= -scalemxAl -scalemxAr scalerA mxE -expr2 exprVn sqr_sqrtr ?ltW //.
  by rewrite mulVf // gt_eqF.
by rewrite -scalemxAl vA !scalerA mulrC.
Qed.

Theorem spectral n (A : 'M[R]_n) : A^T = A ->
  exists (Q : 'M[R]_n) (d : 'rV[R]_n), Q *m Q^T = 1%:M /\ Q *m A *m Q^T = diag_mx d.
Proof.
elim: n A => [|n IH] A symA.
  by exists 1%:M, 0; split; apply/matrixP => -[].
have [a [v [v1 vA]]] := unit_eigen symA.
have [H [HH rH]] := householder v1.
have [B BD] : {B : 'M[R]_(1 + n) | B = H *m A *m H^T} by exists (H *m A *m H^T).
have l0 : lshift n (0 : 'I_1) = 0 :> 'I_(1 + n) by exact: val_inj.
have symB : B^T = B by rewrite BD !trmx_mul trmxK symA mulmxA.
have vH : v *m H^T = delta_mx 0 0 by rewrite -rH -row_mul HH row1.
have rB : row 0 B = a *: delta_mx 0 0 by rewrite BD !row_mul rH vA -scalemxAl vH.
have ul : ulsubmx B = a%:M.
  apply/matrixP => i j; rewrite !ord1 !mxE l0; have /rowP/(_ 0) := rB.
  by rewrite !mxE !eqxx mulr1 => ->.
have ur : ursubmx B = 0.
  apply/matrixP => i j; rewrite !ord1 !mxE l0; have /rowP/(_ (rshift 1 j)) := rB.
  by rewrite !mxE /= mulr0 => ->.
have dl : dlsubmx B = 0 by rewrite -[dlsubmx B]trmxK trmx_dlsub symB ur trmx0.
have symD : (drsubmx B)^T = drsubmx B by rewrite trmx_drsub symB.
have [Q [d [QQ QB]]] := IH _ symD.
have BE : B = block_mx a%:M 0 0 (drsubmx B) by rewrite -[LHS]submxK ul ur dl.
pose P : 'M[R]_(1 + n) := block_mx 1%:M 0 0 Q.
have PT : P^T = block_mx 1%:M 0 0 Q^T by rewrite /P tr_block_mx !trmx0 trmx1.
have PP : P *m P^T = 1%:M.
  by rewrite PT /P mulmx_block !(mulmx0, mul0mx, addr0, add0r) mulmx1 QQ -scalar_mx_block.
have PB : P *m B *m P^T = diag_mx (row_mx (a%:M : 'rV_1) d).
  rewrite PT /P BE !mulmx_block !(mulmx0, mul0mx, addr0, add0r, mul1mx, mulmx1) QB diag_mx_row.
  congr (block_mx _ _ _ _); apply/matrixP => i j; rewrite !ord1 !mxE; by [].
exists (P *m H), (row_mx (a%:M : 'rV_1) d); split.
  by rewrite trmx_mul mulmxA -(mulmxA P) HH mulmx1.
by rewrite trmx_mul !mulmxA -PB BD !mulmxA.
Qed.

End Spectral.
