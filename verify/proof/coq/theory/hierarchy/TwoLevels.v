(** Two levels: the MHVAE of the paper, each variance learnable (any positive diagonal) or fixed isotropic. The general theorem of
    HierarchyMinimum.v in the paper's letters, with the decoders and encoders that attain the minimum written out. *)
From mathcomp Require Import all_ssreflect all_algebra ring.
From CollapseAudit Require Import Definitions Logarithm Diagonals Levels Hierarchy HierarchyAttained HierarchyMinimum.
Import Order.Theory GRing.Theory Num.Theory.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Section TwoLevels.
Variables (R : rcfType) (ln : R -> R).
Hypothesis lnM : forall x y, 0 < x -> 0 < y -> ln (x * y) = ln x + ln y.
Variables (beta_1 beta_2 eta_dec eta_enc : R) (D r d_1 d_2 N : nat) (fixed_1 fixed_2 : option R).
Hypotheses (B1 : 0 < beta_1) (B2 : 0 < beta_2).
Let c := eta_dec / eta_enc.

Definition dims := nth 0%N [:: d_1; d_2].
Definition weights := nth beta_2 [:: beta_1].
Let loss := @mhvae_loss R ln beta_1 beta_2 eta_dec eta_enc D d_1 d_2 r.

Lemma two_levels_hierarchy U_1 V_1 (U : forall l, 'M[R]_(dims l, dims l.+1)) (W : forall l, 'M[R]_(dims l.+1, dims l))
    (q : forall l, 'rV[R]_(dims l)) Z : (forall l j, 0 < q l 0 j) ->
  hierarchy_loss ln weights eta_dec eta_enc U_1 V_1 Z U W q 1
  = loss U_1 V_1 (U 0%N) (W 0%N) (diag_mx (q 0%N)) (diag_mx (q 1%N)) Z.
Proof.
move=> q0; have quad m (A : 'M[R]_(m, d_1)) : \tr (A *m moment V_1 (q 0%N) *m A^T) = sqnorm (A *m V_1) + \tr (A *m diag_mx (q 0%N) *m A^T).
  by rewrite /moment mulmxDr mulmxDl mxtraceD /sqnorm trmx_mul !mulmxA.
rewrite /hierarchy_loss /loss /mhvae_loss !big_ord_recl !big_ord0 /= !addr0 /level_cost /= !quad (mxtraceD (W 0%N *m _ *m _)) quad.
rewrite (lndet_diag lnM (q0 0%N)) (lndet_diag lnM (q0 1%N)); reflexivity.
Qed.

(** What mode i adds to the loss: q_1, q_2 its variances, s_1 >= q_1 and s_2 >= q_2 its second moments. *)
Definition two_level_mode i (t s_1 q_1 s_2 q_2 : R) :=
  (if (i < d_1)%N then t * (q_1 / s_1) else t)
  + (if (i < d_1)%N then beta_1 * (s_1 * (if (i < d_2)%N then q_2 / s_2 else 1)) else 0)
  + (if (i < d_2)%N then beta_2 * c ^+ 2 * s_2 else 0)
  - eta_dec ^+ 2 * ((if (i < d_1)%N then beta_1 * ln q_1 else 0) + (if (i < d_2)%N then beta_2 * ln q_2 else 0)).

Lemma two_level_modeE i t (s q : nat -> R) : (forall l, (l <= 1)%N -> (dims l <= i)%N -> s l = 0) ->
  mode_loss ln weights eta_dec eta_enc dims 1 i t s q = two_level_mode i t (s 0%N) (q 0%N) (s 1%N) (q 1%N).
Proof.
move=> sz; rewrite /mode_loss /two_level_mode !big_ord_recl !big_ord0 /= !addr0 -/c; congr (_ + _ + _ - _).
  by case: (ltnP i d_1) => // /(sz 0%N isT) ->; rewrite mul0r mulr0.
by case: (ltnP i d_2) => // /(sz 1%N isT) ->; rewrite mulr0.
Qed.

Definition variance_ok (fixed : option R) (q : R) := if fixed is Some v then q = v else True.
Definition ok fixed d i (s q : R) := (i < d)%N -> 0 < q <= s /\ variance_ok fixed q.

Variables (P : 'M[R]_D) (S : 'M[R]_r) (theta : nat -> R).
Hypotheses (DN : (D <= N)%N) (rN : (r <= N)%N) (d1N : (d_1 <= N)%N) (d2N : (d_2 <= N)%N).
Hypotheses (PP : P^T *m P = 1%:M) (SS : S *m S^T = 1%:M) (thD : within D theta) (thr : within r theta).
Hypotheses (th0 : forall i, 0 <= theta i) (ths : forall i j, (i <= j)%N -> theta j <= theta i).
Let Z := P *m rdiag D r theta *m S^T.
Let dN l : (l <= 1)%N -> (dims l <= N)%N. Proof. by case: l => [|[|l]]. Qed.

Theorem two_level_minimum (opt : nat -> R) :
  (forall i s_1 q_1 s_2 q_2, ok fixed_1 d_1 i s_1 q_1 -> ok fixed_2 d_2 i s_2 q_2 ->
     opt i <= two_level_mode i (theta i ^+ 2) s_1 q_1 s_2 q_2) ->
  forall U_1 V_1 U_2 W_2 (q_1 : 'rV[R]_d_1) (q_2 : 'rV[R]_d_2), (forall j, 0 < q_1 0 j) -> (forall j, 0 < q_2 0 j) ->
  (forall j, variance_ok fixed_1 (q_1 0 j)) -> (forall j, variance_ok fixed_2 (q_2 0 j)) ->
  \sum_(i < N) opt i <= loss U_1 V_1 U_2 W_2 (diag_mx q_1) (diag_mx q_2) Z.
Proof.
move=> H U_1 V_1 U_2 W_2 q_1 q_2 q10 q20 f1 f2.
pose U l : 'M[R]_(dims l, dims l.+1) := if l is 0%N then U_2 else 0.
pose W l : 'M[R]_(dims l.+1, dims l) := if l is 0%N then W_2 else 0.
pose q l : 'rV[R]_(dims l) := match l with 0%N => q_1 | 1%N => q_2 | _ => const_mx 1 end.
have q0 l j : 0 < q l 0 j by case: l j => [|[|l]] j //=; rewrite mxE ltr01.
pose fixed l := nth None [:: fixed_1; fixed_2] l.
have fx l v : fixed l = Some v -> forall j, q l 0 j = v.
  by case: l => [|[|l]]; rewrite /fixed /= ?nth_nil // => e j; [move: (f1 j) | move: (f2 j)]; rewrite /variance_ok e.
have Bp l : 0 <= weights l by case: l => [|l]; rewrite /weights /= ?nth_nil ltW.
rewrite -(two_levels_hierarchy U_1 V_1 U W _ q0).
apply: (hierarchy_minimum lnM Bp rN dN PP SS thD thr th0 ths _ U_1 V_1 U W q0 fx) => i s v f.
rewrite two_level_modeE => [|l lL di]; last by have := f l lL; rewrite ltnNge di.
apply: H => id; [have := f 0%N isT | have := f 1%N isT]; rewrite /= id /fixed /= => -[-> e]; split=> //; move: e; rewrite /variance_ok;
  by [case: fixed_1 => // x /(_ x erefl) | case: fixed_2 => // x /(_ x erefl)].
Qed.

(** The minimum is reached: the decoders and encoders of a feasible point of the mode programs. *)
Theorem two_level_reached (s_1 q_1 s_2 q_2 : nat -> R) :
  (forall i, (i < d_1)%N -> 0 < q_1 i <= s_1 i) -> (forall i, (i < d_2)%N -> 0 < q_2 i <= s_2 i) ->
  (forall i, (r <= i)%N -> (i < d_1)%N -> s_1 i = q_1 i) -> (forall i, (d_1 <= i)%N -> (i < d_2)%N -> s_2 i = q_2 i) ->
  mhvae_frames_loss P S theta s_1 q_1 s_2 q_2 loss Z
  = \sum_(i < N) two_level_mode i (theta i ^+ 2) (s_1 i) (q_1 i) (s_2 i) (q_2 i).
Proof.
move=> f1 f2 i1 i2.
pose cut d (f : nat -> R) i := if (i < d)%N then f i else 0.
pose s l i := match l with 0%N => cut d_1 s_1 i | 1%N => cut d_2 s_2 i | _ => 0 end.
pose q l i := match l with 0%N => cut d_1 q_1 i | 1%N => cut d_2 q_2 i | _ => 0 end.
have fs l i : (i < dims l)%N -> 0 < q l i <= s l i.
  by case: l => [|[|l]]; rewrite /dims /= ?nth_nil // /q /s /cut => id; rewrite id; [apply: f1 | apply: f2].
have qz l : within (dims l) (q l) by case: l => [|[|l]] i //= di; rewrite /cut ltnNge di.
have sz l : within (dims l) (s l) by case: l => [|[|l]] i //= di; rewrite /cut ltnNge di.
have j0 i : (r <= i)%N -> s 0%N i = q 0%N i by move=> ri; rewrite /s /q /cut; case: ifP => // /(i1 i ri).
have j1 l i : (dims l <= i)%N -> s l.+1 i = q l.+1 i by case: l => [|l] //= di; rewrite /cut; case: ifP => // /(i2 i di).
pose T l : 'M[R]_(dims l) := 1%:M.
have TT l : (T l)^T *m T l = 1%:M by rewrite /T trmx1 mulmx1.
have Tq l : T l *m rdiag (dims l) (dims l) (q l) *m (T l)^T = rdiag (dims l) (dims l) (q l) by rewrite /T trmx1 mul1mx mulmx1.
have := hierarchy_reached ln weights eta_dec eta_enc PP SS TT thD thr fs qz sz j0 j1 Tq DN dN.
rewrite two_levels_hierarchy => [|l j]; last by rewrite mxE; have /andP [] := fs l j (ltn_ord j).
rewrite (eq_bigr (fun i : 'I_N => two_level_mode i (theta i ^+ 2) (s_1 i) (q_1 i) (s_2 i) (q_2 i))) => [<-|i _]; last first.
  rewrite two_level_modeE => [|l _ di]; last exact: sz.
  by rewrite /two_level_mode /s /q /cut; case: (ltnP i d_1) => _; case: (ltnP i d_2) => _.
have l1 i : encoder_scale s q 0 i = lambda_1 d_1 s_1 q_1 i.
  by rewrite /encoder_scale /lambda_1 /s /q /cut divr1; case: ifP => _ //; rewrite subrr sqrtr0.
have EU1 : U1f P T theta s q = P *m rdiag D d_1 (omega_1 d_1 theta s_1 q_1).
  rewrite /U1f /T trmx1 mulmx1; congr (_ *m _); apply: rdiag_ext => i _ id.
  by rewrite /decoder_scale l1 /s /cut id.
have EV1 : V1f S T s q = rdiag d_1 r (lambda_1 d_1 s_1 q_1) *m S^T.
  by rewrite /V1f /T mul1mx; congr (_ *m _); apply: rdiag_ext => i _ _; apply: l1.
have EU2 : Uf T theta s q 0 = rdiag d_1 d_2 (omega_2 d_1 d_2 s_1 s_2 q_2).
  rewrite /Uf /T trmx1 mulmx1 mul1mx; apply: rdiag_ext => i i_1 i_2.
  by rewrite /decoder_scale /encoder_scale /omega_2 /lambda_2 /s /q /cut i_1 i_2.
have EW2 : Wf T s q 0 = rdiag d_2 d_1 (lambda_2 d_1 d_2 s_1 s_2 q_2).
  rewrite /Wf /T trmx1 mulmx1 mul1mx; apply: rdiag_ext => i i_2 i_1.
  by rewrite /encoder_scale /lambda_2 /s /q /cut i_1 i_2.
have ES1 : diag_mx (Sig dims q 0) = diag_mx (\row_(i < d_1) q_1 i) by congr diag_mx; apply/rowP => i; rewrite !mxE /q /cut ltn_ord.
have ES2 : diag_mx (Sig dims q 1) = diag_mx (\row_(i < d_2) q_2 i) by congr diag_mx; apply/rowP => i; rewrite !mxE /q /cut ltn_ord.
by rewrite /mhvae_frames_loss EU1 EV1 EU2 EW2 ES1 ES2.
Qed.
End TwoLevels.
