(** Identities between matrices: whitening, Sylvester's determinant, the completed square of a decoder, expected squares. *)
From mathcomp Require Import all_ssreflect all_algebra ring.
From CollapseAudit Require Import Definitions.
Import GRing.Theory.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Ltac expand :=
  repeat progress (rewrite ?(trmx_mul, trmxK, linearD, linearB, linearN, trmx1, trmx0) /=);
  repeat progress rewrite ?(mulmxDl, mulmxDr, mulmxBl, mulmxBr, mulmxN, mulNmx, mulmx1, mul1mx, mulmx0, mul0mx) -?scalemxAl -?scalemxAr;
  repeat progress (rewrite ?(mxtraceD, mxtraceZ, raddfB, raddfN) /=);
  rewrite ?trmx_mul ?trmxK ?mulmxA.

Section Whitening.
Variable F : fieldType.

Lemma whitening_reconstruction D d r (U : 'M[F]_(D, d)) (W : 'M[F]_(d, r)) (H : 'M[F]_r) (Z : 'M[F]_(D, r)) (B : 'M[F]_D) :
  \tr (U *m W *m (H *m H^T) *m W^T *m U^T) - 2%:R * \tr (U *m W *m (Z *m H^T)^T) + \tr B
  = \tr ((U *m W *m H - Z) *m (U *m W *m H - Z)^T) + \tr B - \tr (Z *m Z^T).
Proof.
expand.
have -> : \tr (Z *m H^T *m W^T *m U^T) = \tr (U *m W *m H *m Z^T) by rewrite -mxtrace_tr; expand.
repeat match goal with |- context [mxtrace ?X] => move: (mxtrace X) => ? end; ring.
Qed.

Lemma whitening_energy d r (W : 'M[F]_(d, r)) (H : 'M[F]_r) :
  \tr (W *m (H *m H^T) *m W^T) = \tr ((W *m H) *m (W *m H)^T).
Proof. by expand. Qed.
End Whitening.

Section Determinant.
Variable F : fieldType.

(** lemma-determinant *)
Lemma sylvester m n (A : 'M[F]_(m, n)) (B : 'M[F]_(n, m)) : \det (1%:M + A *m B) = \det (1%:M + B *m A).
Proof.
have e1 : \det (block_mx 1%:M (- A) B 1%:M) = \det (1%:M + B *m A).
  have -> : block_mx 1%:M (- A) B 1%:M = block_mx 1%:M 0 B 1%:M *m block_mx 1%:M (- A) 0 (1%:M + B *m A).
    by rewrite mulmx_block !(mul1mx, mulmx1, mul0mx, mulmx0, addr0, add0r) mulmxN addrCA addNr addr0.
  by rewrite det_mulmx det_lblock det_ublock !det1 !mul1r.
have e2 : \det (block_mx 1%:M (- A) B 1%:M) = \det (1%:M + A *m B).
  have -> : block_mx 1%:M (- A) B 1%:M = block_mx 1%:M (- A) 0 1%:M *m block_mx (1%:M + A *m B) 0 B 1%:M.
    by rewrite mulmx_block !(mul1mx, mulmx1, mul0mx, mulmx0, addr0, add0r) mulNmx addrK.
  by rewrite det_mulmx det_ublock det_lblock !det1 !mul1r mulr1.
by rewrite -e1 e2.
Qed.

Lemma determinant_lemma d r (V : 'M[F]_(d, r)) (Sigma : 'M[F]_d) : Sigma \in unitmx ->
  \det (V *m V^T + Sigma) = \det Sigma * \det (1%:M + V^T *m invmx Sigma *m V).
Proof.
move=> uS; have -> : V *m V^T + Sigma = Sigma *m (1%:M + invmx Sigma *m V *m V^T).
  by rewrite mulmxDr mulmx1 !mulmxA mulmxV // mul1mx addrC.
by rewrite det_mulmx (sylvester (invmx Sigma *m V) V^T) mulmxA.
Qed.

(** lemma-complete-square, the part with the decoder; M = V V^T + Sigma symmetric and invertible *)
Lemma completed_square D d r (U : 'M[F]_(D, d)) (V : 'M[F]_(d, r)) (Z : 'M[F]_(D, r)) (Sigma : 'M[F]_d) :
  let M := V *m V^T + Sigma in M \in unitmx -> Sigma^T = Sigma ->
  let best := Z *m V^T *m invmx M in
  (U *m V - Z) *m (U *m V - Z)^T + U *m Sigma *m U^T
  = (U - best) *m M *m (U - best)^T + Z *m (1%:M - V^T *m invmx M *m V) *m Z^T.
Proof.
move=> M uM sS best.
have sM : M^T = M by rewrite /M linearD /= trmx_mul trmxK sS.
have sI : (invmx M)^T = invmx M by rewrite trmx_inv sM.
have bM : best *m M = Z *m V^T by rewrite /best -mulmxA mulVmx // mulmx1.
have bT : best^T = invmx M *m (V *m Z^T) by rewrite /best trmx_mul sI trmx_mul trmxK.
have Mb : M *m best^T = V *m Z^T by rewrite bT mulmxA mulmxV // mul1mx.
have -> : (U - best) *m M *m (U - best)^T = U *m M *m U^T - Z *m V^T *m U^T - (U *m V *m Z^T - Z *m V^T *m invmx M *m V *m Z^T).
  rewrite [(U - best)^T]linearB /= mulmxBr !mulmxBl bM -!(mulmxA _ M) Mb.
  by rewrite bT !mulmxA.
have -> : (U *m V - Z) *m (U *m V - Z)^T = U *m V *m V^T *m U^T - Z *m V^T *m U^T - (U *m V *m Z^T - Z *m Z^T).
  by rewrite linearB /= trmx_mul mulmxBr !mulmxBl !mulmxA.
rewrite mulmxBr mulmx1 mulmxBl /M mulmxDr mulmxDl !mulmxA.
by apply/matrixP => i j; rewrite !mxE; ring.
Qed.
End Determinant.

(** E is any additive, homogeneous functional on random variables; nothing else about probability is used. *)
Section ExpectedSquare.
Variables (R : comRingType) (Omega : Type) (E : (Omega -> R) -> R).
Hypothesis E_sum : forall n (f : 'I_n -> Omega -> R), E (fun o => \sum_i f i o) = \sum_i E (f i).
Hypothesis E_scale : forall c f, E (fun o => c * f o) = c * E f.
Hypothesis E_ext : forall f g, (forall o, f o = g o) -> E f = E g.

Lemma expected_square m n (M : 'M[R]_(m, n)) (v : 'I_n -> Omega -> R) :
  let P := \matrix_(i, j) E (fun o => v i o * v j o) in
  E (fun o => \sum_k (\sum_i M k i * v i o) * (\sum_j M k j * v j o)) = \tr (M *m P *m M^T).
Proof.
move=> P; rewrite E_sum; apply: eq_bigr => k _.
rewrite (E_ext (g := fun o => \sum_j \sum_i M k j * (M k i * (v i o * v j o)))); last first.
  move=> o; rewrite mulr_sumr; apply: eq_bigr => j _; rewrite mulr_suml; apply: eq_bigr => i _.
  by rewrite mulrACA [M k i * M k j]mulrC -mulrA.
rewrite mxE E_sum; apply: eq_bigr => j _; rewrite E_sum mxE mulr_suml; apply: eq_bigr => i _.
by rewrite !E_scale !mxE mulrC.
Qed.
End ExpectedSquare.
