(** Rotations of the latents and first-order conditions of the VAE with fixed variance: at a minimum U^T U Sigma = beta c^2 V V^T, so
    U^T U is diagonal where the variances differ. *)
From mathcomp Require Import all_ssreflect all_algebra ring.
From CollapseAudit Require Import Definitions CompleteSquare Diagonals ModesEquality.
Import Order.Theory GRing.Theory Num.Theory.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Section Stationary.
Variables (R : rcfType) (ln : R -> R) (beta eta_dec eta_enc : R).
Variables (D d r : nat) (Z : 'M[R]_(D, r)).
Let loss := @vae_loss R ln beta eta_dec eta_enc D d r.
Let a := beta * c eta_dec eta_enc ^+ 2.

(** z -> T z *)
Lemma vae_loss_rotate (T : 'M[R]_d) U V Sigma : orthogonal T -> loss (U *m T^T) (T *m V) (T *m Sigma *m T^T) Z = loss U V Sigma Z.
Proof.
move=> TT; have TT' := mulmx1C TT; rewrite /loss /vae_loss tr_conj // det_conj //.
have -> : U *m T^T *m (T *m V) = U *m V by rewrite mulmxA -(mulmxA U) TT' mulmx1.
have -> : U *m T^T *m (T *m Sigma *m T^T) *m (U *m T^T)^T = U *m Sigma *m U^T.
  by rewrite trmx_mul trmxK -!mulmxA [T^T *m (T *m _)]mulmxA TT' mul1mx [T^T *m (T *m _)]mulmxA TT' mul1mx.
by rewrite -[sqnorm (T *m V)]sqnorm_tr trmx_mul sqnormM ?trmxK ?sqnorm_tr.
Qed.

(** vae-fixed-isotropic-rotation *)
Theorem isotropic_rotation (T : 'M[R]_d) U V s : orthogonal T -> loss (U *m T^T) (T *m V) s%:M Z = loss U V s%:M Z.
Proof.
move=> TT; rewrite -(vae_loss_rotate U V s%:M TT); congr (loss _ _ _ _).
by rewrite mul_mx_scalar -scalemxAl TT -scalemx1.
Qed.

(** at a minimum of a quadratic the gradient vanishes *)
Lemma no_descent (p s : R) : 0 <= p -> 0 <= s -> (forall e, e * p *+ 2 <= e ^+ 2 * s) -> p = 0.
Proof.
move=> p0 s0 H; apply/eqP; rewrite eq_le p0 andbT leNgt; apply/negP => pp.
have s1 : 0 < s + 1 by rewrite ltr_paddl ?ltr01.
have := H (p / (s + 1)); rewrite leNgt => /negP; apply; rewrite -subr_gt0.
have -> : p / (s + 1) * p *+ 2 - (p / (s + 1)) ^+ 2 * s = (p / (s + 1)) ^+ 2 * (s + 2%:R) by field; rewrite lt0r_neq0.
by rewrite mulr_gt0 ?exprn_gt0 ?divr_gt0 // ltr_paddl ?ltr0n.
Qed.

Lemma sqnorm_step m n (A B : 'M[R]_(m, n)) e : sqnorm (A - e *: B) = sqnorm A - e * \tr (A *m B^T) *+ 2 + e ^+ 2 * sqnorm B.
Proof.
have T : (A - e *: B)^T = A^T - e *: B^T by rewrite linearB linearZ.
rewrite /sqnorm T mulmxBr !mulmxBl -!scalemxAl -!scalemxAr scalerA !raddfB /= !mxtraceZ.
have -> : \tr (B *m A^T) = \tr (A *m B^T) by rewrite -mxtrace_tr trmx_mul trmxK.
move: (\tr (A *m A^T)) (\tr (B *m B^T)) (\tr (A *m B^T)) => x y z; ring.
Qed.

Lemma sqnorm_eq0 m n (A : 'M[R]_(m, n)) : sqnorm A = 0 -> A = 0.
Proof.
move/eqP; rewrite sqnormE psumr_eq0 => [/allP H|i _]; last by rewrite sumr_ge0 // => j _; rewrite sqr_ge0.
apply/matrixP => i j; rewrite [RHS]mxE; have := H i (mem_index_enum i); rewrite /= psumr_eq0 => [/allP|l _]; last by rewrite sqr_ge0.
by move/(_ j (mem_index_enum j)); rewrite /= sqrf_eq0 => /eqP.
Qed.

Hypothesis a0 : 0 <= a.
Variables (U : 'M[R]_(D, d)) (V : 'M[R]_(d, r)) (q : 'rV[R]_d).
Hypothesis q0 : forall j, 0 <= q 0 j.
Let Sigma := diag_mx q.
Hypothesis minimal : forall U' V', loss U V Sigma Z <= loss U' V' Sigma Z.

(** the encoder's normal equation *)
Lemma stationary_encoder : U^T *m (U *m V - Z) + a *: V = 0.
Proof.
set G := _ + _; apply: sqnorm_eq0.
have s0 : 0 <= sqnorm (U *m G) + a * sqnorm G by apply: addr_ge0 (sqnorm_ge0 _) (mulr_ge0 a0 (sqnorm_ge0 _)).
apply: (no_descent (sqnorm_ge0 G) s0) => e.
have := minimal U (V - e *: G); rewrite /loss /vae_loss.
have -> : U *m (V - e *: G) - Z = (U *m V - Z) - e *: (U *m G) by rewrite mulmxBr -scalemxAr addrAC.
rewrite !sqnorm_step -/a.
have : \tr ((U *m V - Z) *m (U *m G)^T) + a * \tr (V *m G^T) = sqnorm G.
  by rewrite trmx_mul mulmxA mxtrace_mulC mulmxA -mxtraceZ scalemxAl -mxtraceD -mulmxDl.
move: (\tr (_ *m (U *m G)^T)) (\tr (V *m G^T)) => y1 y2 <-.
move=> H; apply: le_shift H _.
move: (\tr (U *m Sigma *m U^T)) (\tr Sigma) (ln _) (sqnorm (U *m V - Z)) (sqnorm V) (sqnorm (U *m G)) (sqnorm G) => z1 z2 z3 z4 z5 z6 z7; ring.
Qed.

(** the decoder's normal equation *)
Lemma stationary_decoder : (U *m V - Z) *m V^T + U *m Sigma = 0.
Proof.
set G := _ + _; apply: sqnorm_eq0.
have q1 (M : 'M[R]_(D, d)) : 0 <= \tr (M *m Sigma *m M^T).
  by rewrite tr_quad_diag sumr_ge0 // => i _; rewrite sumr_ge0 // => j _; rewrite mulr_ge0 ?sqr_ge0.
apply: (no_descent (sqnorm_ge0 G) (addr_ge0 (sqnorm_ge0 (G *m V)) (q1 G))) => e.
have := minimal (U - e *: G) V; rewrite /loss /vae_loss.
have -> : (U - e *: G) *m V - Z = (U *m V - Z) - e *: (G *m V) by rewrite mulmxBl -scalemxAl addrAC.
rewrite sqnorm_step.
have -> : \tr ((U - e *: G) *m Sigma *m (U - e *: G)^T)
  = \tr (U *m Sigma *m U^T) - e * \tr (U *m Sigma *m G^T) *+ 2 + e ^+ 2 * \tr (G *m Sigma *m G^T).
  have T : (U - e *: G)^T = U^T - e *: G^T by rewrite linearB linearZ.
  rewrite T mulmxBr !mulmxBl -!scalemxAl -!scalemxAr scalerA !raddfB /= !mxtraceZ.
  have -> : \tr (G *m Sigma *m U^T) = \tr (U *m Sigma *m G^T) by rewrite -mxtrace_tr !trmx_mul trmxK tr_diag_mx mulmxA.
  move: (\tr (U *m Sigma *m U^T)) (\tr (G *m Sigma *m G^T)) (\tr (U *m Sigma *m G^T)) => x y z; ring.
have : \tr ((U *m V - Z) *m (G *m V)^T) + \tr (U *m Sigma *m G^T) = sqnorm G.
  by rewrite trmx_mul mulmxA -mxtraceD -mulmxDl.
move: (\tr (_ *m (G *m V)^T)) (\tr (U *m Sigma *m G^T)) => y1 y2 <-.
move=> H; apply: le_shift H _.
move: (\tr (U *m Sigma *m U^T)) (\tr (G *m Sigma *m G^T)) (\tr Sigma) (ln _) (sqnorm (U *m V - Z)) (sqnorm V) (sqnorm (G *m V)) => z1 z2 z3 z4 z5 z6 z7; ring.
Qed.

(** U^T U Sigma = beta c^2 V V^T *)
Theorem balance : U^T *m U *m Sigma = a *: (V *m V^T).
Proof.
have e1 : U^T *m (U *m V - Z) *m V^T + a *: (V *m V^T) = 0 by rewrite scalemxAl -mulmxDl stationary_encoder mul0mx.
have e2 : U^T *m (U *m V - Z) *m V^T + U^T *m U *m Sigma = 0.
  by rewrite -[U^T *m (_ - _) *m _]mulmxA -[U^T *m U *m _]mulmxA -mulmxDr stationary_decoder mulmx0.
by apply: (addrI (U^T *m (U *m V - Z) *m V^T)); rewrite e1 e2.
Qed.

(** vae-fixed-distinct-zero-columns, first half: U^T U (and so V V^T) is diagonal wherever the variances differ *)
Theorem distinct_orthogonal i j : q 0 i != q 0 j -> (U^T *m U) i j = 0.
Proof.
move=> qij; have sym : Sigma *m (U^T *m U) = U^T *m U *m Sigma.
  have e1 : (U^T *m U *m Sigma)^T = Sigma *m (U^T *m U) by rewrite trmx_mul [Sigma^T]tr_diag_mx trmx_mul trmxK.
  by rewrite -e1 balance linearZ /= trmx_mul trmxK.
move/matrixP/(_ i j): sym; rewrite mul_diag_mx mul_mx_diag [LHS]mxE [RHS]mxE [RHS]mulrC => /eqP.
by rewrite -subr_eq0 -mulrBl mulf_eq0 subr_eq0 (negbTE qij) => /eqP.
Qed.
End Stationary.
