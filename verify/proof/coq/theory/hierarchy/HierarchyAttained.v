(** Every feasible point of the mode programs is reached by matrices: with Hierarchy.v, the minimum over all matrices
    is the sum of the minima of the mode programs, for any number of levels. *)
From mathcomp Require Import all_ssreflect all_algebra ring.
From CollapseAudit Require Import Definitions Diagonals Levels Hierarchy.
Import Order.Theory GRing.Theory Num.Theory.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Section Reached.
Variables (R : rcfType) (ln : R -> R) (beta : nat -> R) (eta_dec eta_enc : R) (D r : nat) (d : nat -> nat) (L N : nat).
Variables (Rf : 'M[R]_D) (S : 'M[R]_r) (T : forall l, 'M[R]_(d l)) (theta : nat -> R) (s q : nat -> nat -> R).
Hypotheses (RR : Rf^T *m Rf = 1%:M) (SS : S *m S^T = 1%:M) (TT : forall l, (T l)^T *m T l = 1%:M).
Hypotheses (thD : within D theta) (thr : within r theta).
(* feasible, 0 beyond each dimension; a level is idle on the modes that the level below (or the data) lacks *)
Hypothesis fs : forall l i, (i < d l)%N -> 0 < q l i <= s l i.
Hypotheses (qz : forall l, within (d l) (q l)) (sz : forall l, within (d l) (s l)).
Hypotheses (idle0 : forall i, (r <= i)%N -> s 0%N i = q 0%N i) (idle : forall l i, (d l <= i)%N -> s l.+1 i = q l.+1 i).
(* T l keeps Sigma l diagonal: 1, or anything where the level is isotropic *)
Hypothesis Tq : forall l, T l *m rdiag (d l) (d l) (q l) *m (T l)^T = rdiag (d l) (d l) (q l).

Definition encoder_scale l i := Num.sqrt ((s l i - q l i) / (if l is l'.+1 then s l' i else 1)).
Definition decoder_scale l i := (if l is l'.+1 then s l' i else theta i) * encoder_scale l i / s l i.
Definition Sig l : 'rV[R]_(d l) := \row_i q l i.
Definition Uf l := T l *m rdiag (d l) (d l.+1) (decoder_scale l.+1) *m (T l.+1)^T.
Definition Wf l := T l.+1 *m rdiag (d l.+1) (d l) (encoder_scale l.+1) *m (T l)^T.
Definition U1f := Rf *m rdiag D (d 0) (decoder_scale 0) *m (T 0)^T.
Definition V1f := T 0 *m rdiag (d 0) r (encoder_scale 0) *m S^T.
Definition Zf := Rf *m rdiag D r theta *m S^T.

Lemma SigE l : diag_mx (Sig l) = rdiag (d l) (d l) (q l).
Proof. by apply/matrixP => i j; rewrite !mxE. Qed.

Lemma s_ge0 l i : 0 <= s l i.
Proof. by case: (ltnP i (d l)) => [/fs /andP [q0 qs]|/sz ->] //; rewrite ltW // (lt_le_trans q0). Qed.
Lemma s_neq0 l i : (i < d l)%N -> s l i != 0.
Proof. by move=> /fs /andP [q0 qs]; rewrite lt0r_neq0 // (lt_le_trans q0). Qed.
Lemma sq_ge0 l i : 0 <= s l i - q l i.
Proof. by rewrite subr_ge0; case: (ltnP i (d l)) => [/fs /andP [] //|id]; rewrite sz // qz. Qed.

Lemma lam_up l : within (d l) (encoder_scale l).
Proof. by move=> i di; rewrite /encoder_scale sz // qz // subrr mul0r sqrtr0. Qed.
Lemma lam_low l : within (d l) (encoder_scale l.+1).
Proof. by move=> i di; rewrite /encoder_scale idle // subrr mul0r sqrtr0. Qed.
Lemma lam_r : within r (encoder_scale 0).
Proof. by move=> i ri; rewrite /encoder_scale idle0 // subrr mul0r sqrtr0. Qed.
Lemma om_up l : within (d l) (decoder_scale l).
Proof. by move=> i di; rewrite /decoder_scale lam_up // mulr0 mul0r. Qed.
Lemma om_low l : within (d l) (decoder_scale l.+1).
Proof. by move=> i di; rewrite /decoder_scale lam_low // mulr0 mul0r. Qed.
Lemma om_D : within D (decoder_scale 0).
Proof. by move=> i di; rewrite /decoder_scale thD // !mul0r. Qed.

Lemma lam0 i : encoder_scale 0 i ^+ 2 + q 0%N i = s 0%N i.
Proof. by rewrite /encoder_scale divr1 sqr_sqrtr ?sq_ge0 // subrK. Qed.
Lemma lamS l i : encoder_scale l.+1 i ^+ 2 * s l i + q l.+1 i = s l.+1 i.
Proof.
rewrite /encoder_scale sqr_sqrtr ?divr_ge0 ?sq_ge0 ?s_ge0 //; case: (ltnP i (d l)) => id.
  by rewrite divfK ?s_neq0 // subrK.
by rewrite idle // subrr !mul0r add0r.
Qed.

(** frames multiply *)
Lemma conj_mul a m n p b (A : 'M[R]_(a, m)) (B : 'M[R]_n) (C : 'M[R]_(p, b)) f g : B^T *m B = 1%:M -> within n (fun i => f i * g i) ->
  A *m rdiag m n f *m B^T *m (B *m rdiag n p g *m C) = A *m rdiag m p (fun i => f i * g i) *m C.
Proof. by move=> BB fg; rewrite -(@rdiag_mul_within _ _ n) // !mulmxA -(mulmxA _ B^T) BB mulmx1. Qed.

Lemma conj_trace m (A : 'M[R]_m) f : A^T *m A = 1%:M -> (m <= N)%N -> within m f -> \tr (A *m rdiag m m f *m A^T) = \sum_(i < N) f i.
Proof. by move=> AA mN fm; rewrite mxtrace_mulC mulmxA AA mul1mx (rdiag_trace fm mN). Qed.

Lemma moments l : second_moment V1f Wf Sig l = T l *m rdiag (d l) (d l) (s l) *m (T l)^T.
Proof.
elim: l => [|l IH] /=.
  rewrite /moment SigE -Tq /V1f !trmx_mul trmxK rdiag_tr (mulmxA _ (rdiag _ _ _)).
  rewrite -[in X in X + _](trmxK S) conj_mul ?trmxK ?(mulmx1C SS) // => [|i ri]; last by rewrite lam_r // mul0r.
  rewrite -mulmxDl -mulmxDr rdiag_add; congr (_ *m _ *m _); apply: rdiag_ext => i _ _.
  by rewrite -expr2 lam0.
rewrite SigE -Tq IH /Wf !trmx_mul trmxK rdiag_tr (mulmxA _ (rdiag _ _ _)) conj_mul // => [|i di]; last by rewrite sz // mulr0.
rewrite conj_mul // => [|i di]; last by rewrite sz // mulr0 mul0r.
rewrite -mulmxDl -mulmxDr rdiag_add; congr (_ *m _ *m _); apply: rdiag_ext => i _ _.
by rewrite mulrAC -expr2 lamS.
Qed.

Hypotheses (DN : (D <= N)%N) (dN : forall l, (l <= L)%N -> (d l <= N)%N).

Lemma costs l : (l < L)%N -> level_cost V1f Uf Wf Sig l
  = \sum_(i < N) s l i * (if (i < d l.+1)%N then q l.+1 i / s l.+1 i else 1).
Proof.
move=> lL; have lN := dN (ltnW lL).
pose e i := decoder_scale l.+1 i * encoder_scale l.+1 i - (i < d l)%N%:R.
have TTt : T l *m (T l)^T = 1%:M := mulmx1C (TT l).
have UW : Uf l *m Wf l - 1%:M = T l *m rdiag (d l) (d l) e *m (T l)^T.
  rewrite /Uf /Wf conj_mul // => [|i di]; last by rewrite om_up // mul0r.
  have -> : 1%:M = T l *m rdiag (d l) (d l) (fun i => (i < d l)%N%:R) *m (T l)^T by rewrite -one_rdiag mulmx1 TTt.
  by rewrite -mulmxBl -mulmxBr rdiagB.
have ez : within (d l) e by move=> i di; rewrite /e om_low // mul0r ltnNge di subrr.
rewrite /level_cost UW moments SigE -Tq !trmx_mul trmxK rdiag_tr (mulmxA (T l) _ (T l)^T).
rewrite conj_mul // => [|i di]; last by rewrite ez // mul0r.
rewrite conj_mul // => [|i di]; last by rewrite ez // !mul0r.
rewrite (conj_trace (TT l) lN) => [|i di]; last by rewrite ez // !mul0r.
rewrite /Uf trmxK rdiag_tr conj_mul // => [|i di]; last by rewrite qz // mulr0.
rewrite (mulmxA (T l.+1)) conj_mul // => [|i di]; last by rewrite qz // mulr0 mul0r.
rewrite (conj_trace (TT l) lN) => [|i di]; last by rewrite om_low // !mul0r.
rewrite -big_split /=; apply: eq_bigr => i _; rewrite /e.
case: (ltnP i (d l)) => [id|di]; last by rewrite om_low // sz // !(mul0r, mulr0, addr0).
case: (ltnP i (d l.+1)) => [id'|di']; last by rewrite om_up // !mul0r addr0 sub0r mulr1n mulN1r mulrN1 opprK mulr1.
have -> : q l.+1 i = s l.+1 i - encoder_scale l.+1 i ^+ 2 * s l i by rewrite -(lamS l i) addrC addKr.
by rewrite mulr1n /decoder_scale; move: (encoder_scale l.+1 i) (s l i) (s l.+1 i) (s_neq0 id) (s_neq0 id') => x a b a0 b0; field.
Qed.

Theorem hierarchy_reached : hierarchy_loss ln beta eta_dec eta_enc U1f V1f Zf Uf Wf Sig L
  = \sum_(i < N) mode_loss ln beta eta_dec eta_enc d L i (theta i ^+ 2) (s^~ i) (q^~ i).
Proof.
rewrite /hierarchy_loss /mode_loss sumrB !big_split /= -!mulr_sumr; congr (_ + _ + _ - _ * _).
- have StS : S^T *m S^T^T = 1%:M by rewrite trmxK (mulmx1C SS).
  have N0 := dN (leq0n L).
  have -> : decoder_cost U1f V1f (Sig 0) Zf = \sum_(i < N) ((decoder_scale 0 i * encoder_scale 0 i - theta i) ^+ 2 + decoder_scale 0 i ^+ 2 * q 0%N i).
    rewrite big_split /=; congr (_ + _).
      rewrite /U1f /V1f /Zf conj_mul // => [|i di]; last by rewrite om_up // mul0r.
      rewrite -mulmxBl -mulmxBr rdiagB -/(sqnorm _) (frame_square _ RR StS) (rdiag_square _ _ DN) // => i di.
        by rewrite om_D // mul0r thD // subrr.
      by rewrite lam_r // mulr0 thr // subrr.
    rewrite SigE -Tq /U1f !trmx_mul trmxK rdiag_tr conj_mul // => [|i di]; last by rewrite qz // mulr0.
    rewrite (mulmxA (T 0)) conj_mul // => [|i di]; last by rewrite qz // mulr0 mul0r.
    rewrite (conj_trace RR DN) => [|i di]; last by rewrite om_D // !mul0r.
    by apply: eq_bigr => i _; rewrite mulrAC -expr2.
  apply: eq_bigr => i _; case: (ltnP i (d 0)) => [id|di].
    have -> : q 0%N i = s 0%N i - encoder_scale 0 i ^+ 2 by rewrite -(lam0 i) addrC addKr.
    by rewrite /decoder_scale; move: (encoder_scale 0 i) (s 0%N i) (s_neq0 id) => x a a0; field.
  by rewrite om_up // mul0r sub0r sqrrN expr0n /= mul0r addr0.
- by rewrite exchange_big /=; apply: eq_bigr => l _; rewrite costs // mulr_sumr.
- by rewrite moments (conj_trace (TT L) (dN (leqnn L)) (@sz L)).
rewrite exchange_big /=; apply: eq_bigr => l _; rewrite mulr_sumr.
rewrite -(big_mkcond (fun i : 'I_N => (i < d l)%N) (fun i : 'I_N => beta l * ln (q l i))) /=.
rewrite -(big_ord_widen N (fun i => beta l * ln (q l i))) ?dN //; last by rewrite -ltnS.
by apply: eq_bigr => j _; rewrite mxE.
Qed.
End Reached.
