(** Theorems 3 and 5 of arXiv 2306.05023 and mhvae-learnable-bottom for matrices over Coq's own reals, every data matrix: the
    closed-form optima of the modes add up to the global minimum of the matrix loss, and typed frames attain it.
    The general theorem is TwoLevels.v's, the modes are those of TopModes.v, FixedModes.v and BottomModes.v. *)
From Coq Require Import Reals.
From mathcomp Require Import all_ssreflect all_algebra Rstruct.
From CollapseAudit Require Import Definitions Diagonals TwoLevels RealLogarithm ModeBounds.
From CollapseAudit Require TopModes FixedModes BottomModes.
Import Order.Theory GRing.Theory Num.Theory.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Local Open Scope ring_scope.
Module T := TopModes.
Module F := FixedModes.
Module B := BottomModes.

Section Mhvae.
Let R := R_rcfType.
Variables beta_1 beta_2 eta_dec eta_enc : R.
Hypotheses (B1 : 0 < beta_1) (B2 : 0 < beta_2) (Hd : 0 < eta_dec) (He : 0 < eta_enc).
Variables (D r d_1 d_2 N : nat) (Z : 'M[R]_(D, r)) (P : 'M[R]_D) (S : 'M[R]_r) (theta : nat -> R).
Hypothesis Z_svd : is_svd Z P S theta.
Hypotheses (DN : (D <= N)%N) (rN : (r <= N)%N) (d1N : (d_1 <= N)%N) (d2N : (d_2 <= N)%N).
Let loss := @mhvae_loss R Rpower.ln beta_1 beta_2 eta_dec eta_enc D d_1 d_2 r.

Let b1 := elimT (RltP _ _) B1.
Let b2 := elimT (RltP _ _) B2.
Let hd := elimT (RltP _ _) Hd.
Let he := elimT (RltP _ _) He.
Let PtP : P^T *m P = 1%:M. Proof. by have [[PP _] _ _ _ _] := Z_svd; apply: mulmx1C. Qed.
Let SS : S *m S^T = 1%:M. Proof. by have [[]] := Z_svd. Qed.
Let th0 i : 0 <= theta i. Proof. by have [_ _ _ ? _] := Z_svd. Qed.
Let ths i j : (i <= j)%N -> theta j <= theta i. Proof. by have [_ _ th _ _] := Z_svd; apply: th. Qed.
Let thD : within D theta. Proof. by have [_ _ _ _ pad] := Z_svd; move=> i Di; rewrite pad ?Di. Qed.
Let thr : within r theta. Proof. by have [_ _ _ _ pad] := Z_svd; move=> i ri; rewrite pad ?ri ?orbT. Qed.
Let ZE : Z = P *m rdiag D r theta *m S^T. Proof. by have [] := Z_svd. Qed.
Let tR i : Rle 0 (theta i). Proof. by apply/RleP. Qed.

(** What is chosen for a mode that passes through both levels, the first only, the second only, none. *)
Definition by_levels (both bottom above none : nat -> R) (i : nat) : R :=
  if (i < d_1)%N then if (i < d_2)%N then both i else bottom i else if (i < d_2)%N then above i else none i.

Lemma modeE i (s_1 q_1 s_2 q_2 : R) : ((i < d_1)%N -> 0 < q_1 <= s_1) -> ((i < d_2)%N -> 0 < q_2 <= s_2) ->
  two_level_mode Rpower.ln beta_1 beta_2 eta_dec eta_enc d_1 d_2 i (theta i ^+ 2) s_1 q_1 s_2 q_2
  = by_levels (fun i => both beta_1 beta_2 eta_dec eta_enc (theta i) s_1 q_1 s_2 q_2) (fun i => bottom beta_1 eta_dec (theta i) s_1 q_1)
      (fun i => above beta_2 eta_dec eta_enc (theta i) s_2 q_2) (fun i => theta i ^+ 2) i.
Proof.
move=> f1 f2; rewrite /two_level_mode /by_levels /both /bottom /above; have e0 : eta_enc != 0 by rewrite lt0r_neq0.
case: (ltnP i d_1) f1 => [_ /(_ isT) /andP [q1 qs1]|_ _]; case: (ltnP i d_2) f2 => [_ /(_ isT) /andP [q2 qs2]|_ _].
- have n1 : s_1 != 0 by rewrite lt0r_neq0 // (lt_le_trans q1).
  have n2 : s_2 != 0 by rewrite lt0r_neq0 // (lt_le_trans q2).
  by rewrite -!RpowE -!RdivE.
- have n1 : s_1 != 0 by rewrite lt0r_neq0 // (lt_le_trans q1).
  by rewrite !addr0 mulr1 -!RpowE -!RdivE.
- by rewrite addr0 add0r -!RpowE -!RdivE.
by rewrite !addr0 mulr0 subr0.
Qed.

(** The bound and the point that attains it, from what is known of the modes. *)
Lemma mhvae_theorem (fixed_1 fixed_2 : option R) (opt s_1 q_1 s_2 q_2 : nat -> R) :
  (forall i s q s' q', ok fixed_1 d_1 i s q -> ok fixed_2 d_2 i s' q' ->
    opt i <= by_levels (fun i => both beta_1 beta_2 eta_dec eta_enc (theta i) s q s' q') (fun i => bottom beta_1 eta_dec (theta i) s q)
      (fun i => above beta_2 eta_dec eta_enc (theta i) s' q') (fun i => theta i ^+ 2) i) ->
  (forall i, (i < d_1)%N -> 0 < q_1 i <= s_1 i) -> (forall i, (i < d_2)%N -> 0 < q_2 i <= s_2 i) ->
  (forall i, (r <= i)%N -> (i < d_1)%N -> s_1 i = q_1 i) -> (forall i, (d_1 <= i)%N -> (i < d_2)%N -> s_2 i = q_2 i) ->
  (forall i, by_levels (fun i => both beta_1 beta_2 eta_dec eta_enc (theta i) (s_1 i) (q_1 i) (s_2 i) (q_2 i))
      (fun i => bottom beta_1 eta_dec (theta i) (s_1 i) (q_1 i)) (fun i => above beta_2 eta_dec eta_enc (theta i) (s_2 i) (q_2 i))
      (fun i => theta i ^+ 2) i = opt i) ->
  (forall U_1 V_1 U_2 W_2 (v_1 : 'rV_d_1) (v_2 : 'rV_d_2), (forall j, 0 < v_1 0 j) -> (forall j, 0 < v_2 0 j) ->
    (forall j, variance_ok fixed_1 (v_1 0 j)) -> (forall j, variance_ok fixed_2 (v_2 0 j)) ->
    \sum_(i < N) opt i <= loss U_1 V_1 U_2 W_2 (diag_mx v_1) (diag_mx v_2) Z) /\
  mhvae_frames_loss P S theta s_1 q_1 s_2 q_2 loss Z = \sum_(i < N) opt i.
Proof.
move=> low f1 f2 i1 i2 E; rewrite ZE; split.
  apply: (two_level_minimum lnM_R (fixed_1 := fixed_1) (fixed_2 := fixed_2) B1 B2 rN d1N d2N PtP SS thD thr th0 ths) => i s q s' q' o1 o2.
  by rewrite modeE; [exact: low | by move/o1 => [] | by move/o2 => []].
rewrite (two_level_reached lnM_R beta_1 beta_2 eta_dec eta_enc DN d1N d2N PtP SS thD thr f1 f2 i1 i2).
by apply: eq_bigr => i _; rewrite -E modeE; [| exact: f1 | exact: f2].
Qed.

(** ** Theorem 3 *)
Section Top.
Variable sigma_1 : R.
Hypothesis S1 : 0 < sigma_1.
Let hs := elimT (RltP _ _) S1.
Definition top_optimum := by_levels (fun i => T.opt_both beta_1 beta_2 eta_dec eta_enc sigma_1 (theta i))
  (fun i => T.opt_bottom beta_1 eta_dec sigma_1 (theta i)) (fun i => T.opt_above beta_2 eta_dec eta_enc (theta i)) (fun i => theta i ^+ 2).
Definition top_s_1 (i : nat) : R := if (i < d_2)%N then T.s_1 beta_1 beta_2 eta_dec sigma_1 (theta i) else T.s_bottom beta_1 sigma_1 (theta i).
Definition top_q_2 (i : nat) : R := if (i < d_1)%N then T.q_2 beta_1 beta_2 eta_dec eta_enc sigma_1 (theta i) else eta_enc ^+ 2.

Theorem mhvae_top :
  (forall U_1 V_1 U_2 W_2 (q_2 : 'rV_d_2), (forall j, 0 < q_2 0 j) ->
    \sum_(i < N) top_optimum i <= loss U_1 V_1 U_2 W_2 (sigma_1 ^+ 2)%:M (diag_mx q_2) Z) /\
  mhvae_frames_loss P S theta top_s_1 (fun=> sigma_1 ^+ 2) (fun=> eta_enc ^+ 2) top_q_2 loss Z = \sum_(i < N) top_optimum i.
Proof.
have A i := T.both_attained _ _ _ _ _ b1 b2 hd he hs _ (tR i).
have Bo i := T.bottom_attained _ eta_dec _ b1 hs _ (tR i).
have pos : 0 < sigma_1 ^+ 2 by rewrite exprn_gt0.
have [||||||low eq] := @mhvae_theorem (Some (sigma_1 ^+ 2)) None top_optimum top_s_1 (fun=> sigma_1 ^+ 2) (fun=> eta_enc ^+ 2) top_q_2.
- move=> i s q s' q'; rewrite /ok /top_optimum /by_levels.
  case: (ltnP i d_1) => [_ /(_ isT) [/andP [_ /RleP qs] qE]|_ _]; case: (ltnP i d_2) => [_ /(_ isT) [/andP [/RltP q0' /RleP qs'] _]|_ _] //.
  + rewrite /= in qE; rewrite qE -RpowE in qs *; apply/RleP; exact: (T.both_le _ _ _ _ _ b1 b2 hd he hs).
  + rewrite /= in qE; rewrite qE -RpowE in qs *; apply/RleP; exact: (T.bottom_le _ _ _ b1 hs).
  + apply/RleP; exact: (T.above_le _ _ _ b2 hd he).
- move=> i _; rewrite pos /top_s_1; case: ifP => _; first by have [_ [/RleP H _]] := A i; rewrite RpowE in H.
  by have [_ /RleP H] := Bo i; rewrite RpowE in H.
- move=> i _; rewrite /top_q_2; case: ifP => _; last by rewrite lexx exprn_gt0.
  by have [_ [_ [/RltP H1 /RleP H2]]] := A i; rewrite RpowE in H2; apply/andP.
- move=> i ri _; have [I1 I2] := T.idle _ _ _ _ b1 b2 hd hs; rewrite RpowE in I1 I2.
  by rewrite /top_s_1 thr //; case: ifP.
- by move=> i di _; rewrite /top_q_2 ltnNge di.
- move=> i; rewrite /top_optimum /top_s_1 /top_q_2 /by_levels; case: (ltnP i d_1) => _; case: (ltnP i d_2) => _ //.
  + by rewrite -!RpowE; have [-> _] := A i.
  + by rewrite -RpowE; have [-> _] := Bo i.
  + by rewrite -RpowE (T.above_attained _ _ _ he).
split=> // U_1 V_1 U_2 W_2 q_2 q0.
have -> : (sigma_1 ^+ 2)%:M = diag_mx (const_mx (sigma_1 ^+ 2)) :> 'M[R]_d_1 by rewrite diag_const_mx.
by apply: low => // j; rewrite mxE.
Qed.
End Top.

(** ** Theorem 5 *)
Section Fixed.
Variables sigma_1 sigma_2 : R.
Hypotheses (S1 : 0 < sigma_1) (S2 : 0 < sigma_2).
Let hs1 := elimT (RltP _ _) S1.
Let hs2 := elimT (RltP _ _) S2.
Definition fixed_optimum := by_levels (fun i => F.opt_both beta_1 beta_2 eta_dec eta_enc sigma_1 sigma_2 (theta i))
  (fun i => T.opt_bottom beta_1 eta_dec sigma_1 (theta i)) (fun i => F.opt_above beta_2 eta_dec eta_enc sigma_2 (theta i)) (fun i => theta i ^+ 2).
Definition fixed_s_1 (i : nat) : R :=
  if (i < d_2)%N then F.s_1 beta_1 beta_2 eta_dec eta_enc sigma_1 sigma_2 (theta i) else T.s_bottom beta_1 sigma_1 (theta i).
Definition fixed_s_2 (i : nat) : R := if (i < d_1)%N then F.s_2 beta_1 beta_2 eta_dec eta_enc sigma_1 sigma_2 (theta i) else sigma_2 ^+ 2.

Theorem mhvae_both_fixed :
  (forall U_1 V_1 U_2 W_2, \sum_(i < N) fixed_optimum i <= loss U_1 V_1 U_2 W_2 (sigma_1 ^+ 2)%:M (sigma_2 ^+ 2)%:M Z) /\
  mhvae_frames_loss P S theta fixed_s_1 (fun=> sigma_1 ^+ 2) fixed_s_2 (fun=> sigma_2 ^+ 2) loss Z = \sum_(i < N) fixed_optimum i.
Proof.
have A i := F.both_attained _ _ _ _ _ _ b1 b2 hd he hs1 hs2 _ (tR i).
have Bo i := T.bottom_attained _ eta_dec _ b1 hs1 _ (tR i).
have pos1 : 0 < sigma_1 ^+ 2 by rewrite exprn_gt0.
have pos2 : 0 < sigma_2 ^+ 2 by rewrite exprn_gt0.
have [||||||low eq] := @mhvae_theorem (Some (sigma_1 ^+ 2)) (Some (sigma_2 ^+ 2)) fixed_optimum fixed_s_1 (fun=> sigma_1 ^+ 2) fixed_s_2
  (fun=> sigma_2 ^+ 2).
- move=> i s q s' q'; rewrite /ok /fixed_optimum /by_levels.
  case: (ltnP i d_1) => [_ /(_ isT) [/andP [_ /RleP qs] qE]|_ _]; case: (ltnP i d_2) => [_ /(_ isT) [/andP [_ /RleP qs'] qE']|_ _] //.
  + rewrite /= in qE qE'; rewrite qE qE' -!RpowE in qs qs' *; apply/RleP; exact: (F.both_le _ _ _ _ _ _ b1 b2 hd he hs1 hs2).
  + rewrite /= in qE; rewrite qE -RpowE in qs *; apply/RleP; exact: (T.bottom_le _ _ _ b1 hs1).
  + rewrite /= in qE'; rewrite qE' -RpowE in qs' *; apply/RleP; exact: (F.above_le _ _ _ _ b2 hd he).
- move=> i _; rewrite pos1 /fixed_s_1; case: ifP => _; first by have [_ [/RleP H _]] := A i; rewrite RpowE in H.
  by have [_ /RleP H] := Bo i; rewrite RpowE in H.
- move=> i _; rewrite pos2 /= /fixed_s_2; case: ifP => _ //; by have [_ [_ /RleP H]] := A i; rewrite RpowE in H.
- move=> i ri _; have I1 := F.idle _ beta_2 _ _ _ sigma_2 b1 b2 hd he hs1 hs2; have [_ I2] := T.idle _ _ _ _ b1 b2 hd hs1.
  by rewrite RpowE in I1 I2; rewrite /fixed_s_1 thr //; case: ifP.
- by move=> i di _; rewrite /fixed_s_2 ltnNge di.
- move=> i; rewrite /fixed_optimum /fixed_s_1 /fixed_s_2 /by_levels; case: (ltnP i d_1) => _; case: (ltnP i d_2) => _ //.
  + by rewrite -!RpowE; have [-> _] := A i.
  + by rewrite -RpowE; have [-> _] := Bo i.
  + by rewrite -RpowE.
split=> // U_1 V_1 U_2 W_2; have cst n (x : R) : x%:M = diag_mx (const_mx x) :> 'M[R]_n by rewrite diag_const_mx.
by rewrite !cst; apply: low => j; rewrite mxE.
Qed.
End Fixed.

(** ** Sigma_1 learnable, Sigma_2 fixed *)
Section Bottom.
Variable sigma_2 : R.
Hypothesis S2 : 0 < sigma_2.
Let hs := elimT (RltP _ _) S2.
Definition bottom_optimum := by_levels (fun i => B.opt_both beta_1 beta_2 eta_dec eta_enc sigma_2 (theta i))
  (fun i => B.opt_bottom beta_1 eta_dec (theta i)) (fun i => F.opt_above beta_2 eta_dec eta_enc sigma_2 (theta i)) (fun i => theta i ^+ 2).
Definition bottom_s_1 (i : nat) : R := if (i < d_2)%N then B.s_1 beta_1 beta_2 eta_dec eta_enc sigma_2 else eta_dec ^+ 2.
Definition bottom_q_1 (i : nat) : R := B.q_1 beta_1 eta_dec (theta i) (bottom_s_1 i).
Definition bottom_s_2 (i : nat) : R := if (i < d_1)%N then B.s_2 beta_1 beta_2 eta_enc sigma_2 else sigma_2 ^+ 2.

Theorem mhvae_bottom :
  (forall U_1 V_1 U_2 W_2 (q_1 : 'rV_d_1), (forall j, 0 < q_1 0 j) ->
    \sum_(i < N) bottom_optimum i <= loss U_1 V_1 U_2 W_2 (diag_mx q_1) (sigma_2 ^+ 2)%:M Z) /\
  mhvae_frames_loss P S theta bottom_s_1 bottom_q_1 bottom_s_2 (fun=> sigma_2 ^+ 2) loss Z = \sum_(i < N) bottom_optimum i.
Proof.
have [/RltP s2p [/RleP s2ge /RltP s1p]] := B.s_2_ge _ _ eta_dec _ _ b1 b2 hd he hs; rewrite RpowE in s2ge.
have pos : 0 < sigma_2 ^+ 2 by rewrite exprn_gt0.
have sp i : 0 < bottom_s_1 i by rewrite /bottom_s_1; case: ifP => _ //; rewrite exprn_gt0.
have [||||||low eq] := @mhvae_theorem None (Some (sigma_2 ^+ 2)) bottom_optimum bottom_s_1 bottom_q_1 bottom_s_2 (fun=> sigma_2 ^+ 2).
- move=> i s q s' q'; rewrite /ok /bottom_optimum /by_levels.
  case: (ltnP i d_1) => [_ /(_ isT) [/andP [/RltP q0 /RleP qs] _]|_ _]; case: (ltnP i d_2) => [_ /(_ isT) [/andP [_ /RleP qs'] qE']|_ _] //.
  + rewrite /= in qE'; rewrite qE' -!RpowE in qs' *; apply/RleP; exact: (B.both_le _ _ _ _ _ b1 b2 hd he hs).
  + apply/RleP; exact: (B.bottom_le _ _ b1 hd).
  + rewrite /= in qE'; rewrite qE' -RpowE in qs' *; apply/RleP; exact: (F.above_le _ _ _ _ b2 hd he).
- by move=> i _; have [/RltP q0 /RleP qs] := B.feasible _ _ b1 hd (theta i) _ (elimT (RltP _ _) (sp i)); rewrite q0 qs.
- by move=> i _; rewrite pos /= /bottom_s_2; case: ifP => _; rewrite ?s2ge ?lexx.
- move=> i ri _; rewrite /bottom_q_1 /B.q_1 thr //; case: RIneq.Rlt_dec => // H; exfalso; move: H; rewrite zero_sq => H.
  by case: (Rlt_irrefl 0); apply: Rlt_trans H; apply: Rmult_lt_0_compat => //; exact: pow_lt.
- by move=> i di _; rewrite /bottom_s_2 ltnNge di.
- move=> i; rewrite /bottom_optimum /bottom_q_1 /bottom_s_1 /bottom_s_2 /by_levels.
  by case: (ltnP i d_1) => _; case: (ltnP i d_2) => _ //; rewrite -RpowE.
split=> // U_1 V_1 U_2 W_2 q_1 q0.
have -> : (sigma_2 ^+ 2)%:M = diag_mx (const_mx (sigma_2 ^+ 2)) :> 'M[R]_d_2 by rewrite diag_const_mx.
by apply: low => // j; rewrite mxE.
Qed.
End Bottom.
End Mhvae.
