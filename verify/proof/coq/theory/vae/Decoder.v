(** Eliminating the encoder: what the loss of a decoder U is, in the singular coordinates of U and of Z. *)
From mathcomp Require Import all_ssreflect all_algebra ring.
From CollapseAudit Require Import Definitions Spectral CompleteSquare Diagonals.
Import Order.Theory GRing.Theory Num.Theory.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Section Decoder.
Variables (R : rcfType) (a : R).
Hypothesis a0 : 0 < a.

(** the weights of an orthogonal matrix are doubly stochastic *)
Lemma orthogonal_rows n (Q : 'M[R]_n) : orthogonal Q -> forall j, \sum_l Q j l ^+ 2 = 1.
Proof.
move=> QQ j; have -> : 1 = (1%:M : 'M[R]_n) j j by rewrite mxE eqxx.
by rewrite -QQ mxE; apply: eq_bigr => l _; rewrite mxE expr2.
Qed.
Lemma orthogonal_cols n (Q : 'M[R]_n) : orthogonal Q -> forall l, \sum_j Q j l ^+ 2 = 1.
Proof.
move=> QQ l; have QT : orthogonal Q^T by rewrite /orthogonal trmxK; apply: mulmx1C.
by rewrite -(orthogonal_rows QT l); apply: eq_bigr => j _; rewrite mxE.
Qed.

(** Y: the singular vectors of U, scaled, in those of Z *)
Lemma quadratic_weights d D (Y : 'M[R]_(d, D)) (g x : 'rV[R]_d) (t : 'rV[R]_D) :
  Y *m Y^T = diag_mx g -> (forall j, 0 <= g 0 j) -> (forall j, x 0 j = (1 + g 0 j)^-1) ->
  \tr (diag_mx x *m (Y *m diag_mx t *m Y^T))
  = \sum_j \sum_i (1 - x 0 j) * t 0 i * (if g 0 j == 0 then 0 else Y j i ^+ 2 / g 0 j).
Proof.
move=> YY g0 xE; apply: eq_bigr => j _; rewrite mul_diag_mx mxE [X in _ * X]mxE mulr_sumr; apply: eq_bigr => i _.
rewrite mul_mx_diag [X in _ * (X * _)]mxE [X in _ * (_ * X)]mxE xE; have [gj|gj] := eqVneq (g 0 j) 0.
  have Y0 : Y j i = 0.
    have : (Y *m Y^T) j j = 0 by rewrite YY !mxE eqxx mulr1n.
    rewrite mxE => /eqP; rewrite psumr_eq0 => [/allP A|l _]; last by rewrite mxE -expr2 sqr_ge0.
    by have := A i (mem_index_enum i); rewrite mxE mulf_eq0 orbb => /eqP.
  by rewrite Y0 !mul0r !mulr0.
have n0 : 1 + g 0 j != 0 by rewrite lt0r_neq0 // ltr_paddr ?ltr01.
by move: n0 gj; move: (g 0 j) (Y j i) (t 0 i) => G y tt gn1 gn; field; rewrite gn gn1.
Qed.

Variables (D d r : nat) (P : 'M[R]_D) (t : 'rV[R]_D) (Z : 'M[R]_(D, r)).
Hypothesis PP : orthogonal P.
Hypothesis ZP : Z *m Z^T = P *m diag_mx t *m P^T.

(** g_j = (j-th eigenvalue of U^T U) / a; s_ji, p_jl: squared cosines between the j-th singular vectors of U and the i-th
    left singular vector of Z, the l-th latent coordinate. *)
Variables (U : 'M[R]_(D, d)) (Q : 'M[R]_d) (g : 'rV[R]_d).
Hypothesis QQ : orthogonal Q.
Hypothesis QU : Q *m (U^T *m U) *m Q^T = a *: diag_mx g.

Let ra := Num.sqrt a.
Let ra0 : ra != 0. Proof. by rewrite lt0r_neq0 // sqrtr_gt0. Qed.
Let ra2 : ra * ra = a. Proof. by rewrite -expr2 sqr_sqrtr // ltW. Qed.
Let K : 'M[R]_(d, D) := ra^-1 *: (Q *m U^T).
Let Y := K *m P.
Definition weight (j : 'I_d) (i : 'I_D) := if g 0 j == 0 then 0 else Y j i ^+ 2 / g 0 j.
Let x : 'rV[R]_d := \row_j (1 + g 0 j)^-1.

Lemma decoder_KK : K *m K^T = diag_mx g.
Proof.
rewrite /K linearZ /= trmx_mul trmxK -scalemxAl -scalemxAr scalerA mulmxA -(mulmxA Q) QU.
by rewrite scalerA -invfM ra2 mulVf ?scale1r // lt0r_neq0.
Qed.

Lemma decoder_g0 j : 0 <= g 0 j.
Proof.
have -> : g 0 j = (K *m K^T) j j by rewrite decoder_KK !mxE eqxx mulr1n.
by rewrite mxE sumr_ge0 // => i _; rewrite [X in _ * X]mxE -expr2 sqr_ge0.
Qed.

Let YY : Y *m Y^T = diag_mx g.
Proof. by rewrite /Y trmx_mul mulmxA -(mulmxA K) PP mulmx1 decoder_KK. Qed.

Lemma weight_ge0 j i : 0 <= weight j i.
Proof. by rewrite /weight; case: eqP => // _; rewrite mulr_ge0 ?sqr_ge0 // invr_ge0 decoder_g0. Qed.
Lemma weight_rows j : g 0 j != 0 -> \sum_i weight j i = 1.
Proof. by have [H _] := bessel YY decoder_g0; apply: H. Qed.
Lemma weight_cols i : \sum_j weight j i <= 1.
Proof. by have [_ H] := bessel YY decoder_g0; apply: H. Qed.
Lemma weight_out j : g 0 j = 0 -> forall i, weight j i = 0.
Proof. by move=> z i; rewrite /weight z eqxx. Qed.

Lemma decoder_variance (q : 'rV[R]_d) :
  \tr (U *m diag_mx q *m U^T) = \sum_j a * g 0 j * (\sum_l Q j l ^+ 2 * q 0 l).
Proof.
have -> : U *m diag_mx q *m U^T = (U *m Q^T) *m (Q *m diag_mx q *m Q^T) *m (U *m Q^T)^T.
  rewrite trmx_mul trmxK -!mulmxA [Q^T *m (Q *m _)]mulmxA (mulmx1C QQ) mul1mx.
  by rewrite [Q^T *m (Q *m _)]mulmxA (mulmx1C QQ) mul1mx.
rewrite mxtrace_mulC [(U *m Q^T)^T *m (_ *m _)]mulmxA.
have -> : (U *m Q^T)^T *m (U *m Q^T) = a *: diag_mx g by rewrite -QU trmx_mul trmxK !mulmxA.
rewrite -scalemxAl mxtraceZ mulr_sumr; apply: eq_bigr => j _; rewrite mul_diag_mx !mxE -mulrA; congr (_ * (_ * _)).
by apply: eq_bigr => l _; rewrite mul_mx_diag !mxE expr2 mulrAC.
Qed.

(** the encoder's part, the encoder eliminated: at least its value at the best encoder *)
Lemma decoder_encoder (V : 'M[R]_(d, r)) :
  \sum_i t 0 i - \sum_j \sum_i (1 - x 0 j) * t 0 i * weight j i <= sqnorm (U *m V - Z) + a * sqnorm V.
Proof.
have n0 j : 1 + g 0 j != 0 by rewrite lt0r_neq0 // ltr_paddr ?ltr01 // decoder_g0.
pose W := (ra *: (Q *m V))^T.
have := complete_square W Z^T decoder_KK decoder_g0; rewrite /= -/x.
set sq := (X in _ = X + _ - _) => H.
have sq0 : 0 <= sq.
  rewrite /sq tr_quad_diag sumr_ge0 // => i _; rewrite sumr_ge0 // => j _.
  by rewrite mulr_ge0 ?sqr_ge0 // mxE addr_ge0 ?ler01 // decoder_g0.
have e1 : \tr ((W *m K - Z^T) *m (W *m K - Z^T)^T) = sqnorm (U *m V - Z).
  have WK : W *m K = V^T *m U^T.
    have -> : W = ra *: (V^T *m Q^T) by rewrite /W linearZ /= trmx_mul.
    rewrite /K -scalemxAl -scalemxAr scalerA mulfV // scale1r.
    by rewrite mulmxA -(mulmxA _ Q^T) (mulmx1C QQ) mulmx1.
  by rewrite WK -trmx_mul -(linearB _ (U *m V) Z) -/(sqnorm _) sqnorm_tr.
have e2 : \tr (W *m W^T) = a * sqnorm V.
  rewrite -/(sqnorm W) /W sqnorm_tr /sqnorm linearZ /= -scalemxAl -scalemxAr scalerA mxtraceZ ra2; congr (_ * _).
  by rewrite trmx_mul mulmxA -(mulmxA Q) tr_conj.
have e3 : \tr (Z^T *m (Z^T)^T) = \sum_i t 0 i by rewrite trmxK mxtrace_mulC ZP tr_conj // mxtrace_diag.
have e4 : \tr (Z^T *m K^T *m diag_mx x *m (Z^T *m K^T)^T) = \sum_j \sum_i (1 - x 0 j) * t 0 i * weight j i.
  have -> : \tr (Z^T *m K^T *m diag_mx x *m (Z^T *m K^T)^T) = \tr (diag_mx x *m (Y *m diag_mx t *m Y^T)).
    rewrite mxtrace_mulC [(_ *m _)^T *m _]mulmxA mxtrace_mulC; congr (\tr (_ *m _)).
    by rewrite trmx_mul !trmxK mulmxA -(mulmxA K) ZP /Y trmx_mul !mulmxA.
  by apply: (quadratic_weights t YY decoder_g0) => j; rewrite mxE.
rewrite -e3 -e4 -e1 -e2 H -addrA ler_addr //.
Qed.
End Decoder.

Section Exists.
Variables (R : rcfType) (a : R) (D d : nat) (U : 'M[R]_(D, d)).
Lemma decoder_spectral : 0 < a -> exists Q (g : 'rV[R]_d), orthogonal Q /\ Q *m (U^T *m U) *m Q^T = a *: diag_mx g.
Proof.
move=> a0; have sym : (U^T *m U)^T = U^T *m U by rewrite trmx_mul trmxK.
have [Q [mu [QQ QM]]] := spectral sym; exists Q, (a^-1 *: mu); split=> //.
by rewrite QM linearZ /= scalerA mulfV ?scale1r // lt0r_neq0.
Qed.
End Exists.
