(** Weyl's monotonicity (M <= N in the Loewner order: every sorted eigenvalue of M is at most that of N), by Courant and Fischer's
    dimension count; cvae-more-conditioning. *)
From mathcomp Require Import all_ssreflect all_algebra ring.
From CollapseAudit Require Import Definitions Spectral Diagonals Residual.
Import Order.Theory GRing.Theory Num.Theory.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Section Weyl.
Variable R : rcfType.

Lemma quad_spectral n (Q : 'M[R]_n) (m : nat -> R) (v : 'rV[R]_n) :
  (v *m (Q *m rdiag n n m *m Q^T) *m v^T) 0 0 = \sum_(j < n) m j * (v *m Q) 0 j ^+ 2.
Proof.
have -> : v *m (Q *m rdiag n n m *m Q^T) *m v^T = (v *m Q) *m rdiag n n m *m (v *m Q)^T by rewrite trmx_mul !mulmxA.
rewrite mxE -(rdiag_diag n m); apply: eq_bigr => j _; rewrite mul_mx_diag [X in X * _]mxE [X in _ * X]mxE [X in _ * X * _]mxE.
by rewrite expr2 mulrAC mulrC.
Qed.

Lemma norm_spectral n (Q : 'M[R]_n) (v : 'rV[R]_n) : orthogonal Q -> (v *m v^T) 0 0 = \sum_(j < n) (v *m Q) 0 j ^+ 2.
Proof.
move=> QQ; have -> : v *m v^T = (v *m Q) *m (v *m Q)^T by rewrite trmx_mul mulmxA -(mulmxA v) QQ mulmx1.
by rewrite mxE; apply: eq_bigr => j _; rewrite [X in _ * X]mxE expr2.
Qed.

(** fewer equations than unknowns *)
Lemma kernel_row m n (M : 'M[R]_(m, n)) : (n < m)%N -> exists2 v : 'rV[R]_m, v != 0 & v *m M = 0.
Proof.
move=> nm; have : kermx M != 0.
  by rewrite -mxrank_eq0 mxrank_ker subn_eq0 -ltnNge (leq_ltn_trans (rank_leq_col M) nm).
move=> /rowV0Pn [v vM v0]; exists v => //; by apply/sub_kermxP.
Qed.

Theorem weyl n (M N P Q : 'M[R]_n) (mu nu : nat -> R) :
  orthogonal P -> M = P *m rdiag n n mu *m P^T -> decreasing mu ->
  orthogonal Q -> N = Q *m rdiag n n nu *m Q^T -> decreasing nu ->
  loewner M N -> forall i : 'I_n, mu i <= nu i.
Proof.
move=> PP -> mud QQ -> nud MN i; rewrite leNgt; apply/negP => lt.
(* v in the span of P's columns 0..i, orthogonal to Q's columns 0..i-1 *)
pose Pi := \matrix_(k < i.+1, j < n) P^T (widen_ord (ltn_ord i) k) j.
pose Qi := \matrix_(j < n, k < i) Q j (widen_ord (ltnW (ltn_ord i)) k).
have [u u0 uQ] := kernel_row (Pi *m Qi) (ltnSn i).
pose v := u *m Pi.
have PiP (k : 'I_i.+1) (j : 'I_n) : (Pi *m P) k j = (k == j :> nat)%:R.
  have -> : (Pi *m P) k j = (P^T *m P) (widen_ord (ltn_ord i) k) j.
    by rewrite !mxE; apply: eq_bigr => l _; rewrite [X in X * _]mxE.
  by rewrite (mulmx1C PP) mxE -val_eqE.
have vP (j : 'I_n) : (i < j)%N -> (v *m P) 0 j = 0.
  move=> ij; rewrite /v -mulmxA mxE big1 // => k _; rewrite PiP ltn_eqF ?mulr0 //.
  exact: leq_trans (ltn_ord k) ij.
have vQ (j : 'I_n) : (j < i)%N -> (v *m Q) 0 j = 0.
  move=> ji; have -> : (v *m Q) 0 j = (u *m (Pi *m Qi)) 0 (Ordinal ji).
    rewrite mulmxA -/v !mxE; apply: eq_bigr => l _; rewrite [X in _ = _ * X]mxE; congr (_ * Q _ _).
    exact: val_inj.
  by rewrite uQ mxE.
have pos : 0 < (v *m v^T) 0 0.
  rewrite lt_neqAle sqn_ge0 andbT eq_sym; apply: contra_neq u0 => /sqn_eq0 vz.
  have vPz : u *m (Pi *m P) = 0 by rewrite mulmxA -/v vz mul0mx.
  apply/rowP => k; rewrite mxE; have := congr1 (fun x : 'rV[R]_n => x 0 (widen_ord (ltn_ord i) k)) vPz.
  rewrite !mxE (bigD1 k) //= PiP eqxx mulr1 big1 ?addr0 // => l lk.
  by rewrite PiP /= -[(_ == _)]/(l == k) (negbTE lk) mulr0.
have := MN v; rewrite !quad_spectral leNgt => /negP; apply.
apply: (@le_lt_trans _ _ (nu i * (v *m v^T) 0 0)).
  rewrite (norm_spectral _ QQ) mulr_sumr; apply: ler_sum => j _.
  have [ji|ij] := ltnP j i; first by rewrite vQ // expr0n !mulr0.
  by rewrite ler_wpmul2r ?sqr_ge0 // nud.
apply: (@lt_le_trans _ _ (mu i * (v *m v^T) 0 0)); first by rewrite ltr_pmul2r.
rewrite (norm_spectral _ PP) mulr_sumr; apply: ler_sum => j _.
have [ij|ji] := ltnP i j; first by rewrite vP // expr0n !mulr0.
by rewrite ler_wpmul2r ?sqr_ge0 // mud.
Qed.

(** ** cvae-more-conditioning *)
Variables (D D0 D1 N : nat) (X : 'M[R]_(D0, N)) (X1 : 'M[R]_(D1, N)) (Y : 'M[R]_(D, N)).
(** inputs x, then x and x1; the residual moments *)
Let X' := col_mx X X1.
Variables (P : 'M[R]_(D, D0)) (P' : 'M[R]_(D, D0 + D1)).
Hypothesis PX : P *m (X *m X^T) = Y *m X^T.
Hypothesis PX' : P' *m (X' *m X'^T) = Y *m X'^T.
Let E := residual (Y *m Y^T) (Y *m X^T) P.
Let E' := residual (Y *m Y^T) (Y *m X'^T) P'.

(** the residual is the best fit: no other linear prediction has a smaller residual *)
Lemma best_fit n (F : 'M[R]_(n, N)) (G : 'M[R]_(D, n)) (v : 'rV[R]_D) (p : 'rV[R]_n) : G *m (F *m F^T) = Y *m F^T ->
  sqnorm (v *m (Y - G *m F)) <= sqnorm (v *m Y - p *m F).
Proof.
move=> GF; have -> : v *m Y - p *m F = v *m (Y - G *m F) + (v *m G - p) *m F.
  by rewrite mulmxBr mulmxBl mulmxA addrA subrK.
have orth : v *m (Y - G *m F) *m F^T = 0.
  by rewrite -mulmxA mulmxBl -[G *m F *m F^T]mulmxA GF subrr mulmx0.
set e := v *m _ in orth *; set f := _ *m F.
have z : e *m f^T = 0 by rewrite /f trmx_mul mulmxA orth mul0mx.
have z' : f *m e^T = 0 by rewrite -[LHS]trmxK trmx_mul trmxK z trmx0.
rewrite /sqnorm linearD /= mulmxDr !mulmxDl z z' add0r addr0 mxtraceD ler_addl.
exact: sqnorm_ge0.
Qed.

Lemma more_conditioning_loewner : loewner E' E.
Proof.
move=> v; rewrite /E /E' !residual_gram //.
have s n (M : 'M[R]_(D, n)) : (v *m (M *m M^T) *m v^T) 0 0 = sqnorm (v *m M).
  by rewrite /sqnorm trmx_mul !mulmxA /mxtrace big_ord1.
rewrite !s; have -> : v *m (Y - P *m X) = v *m Y - row_mx (v *m P) 0 *m X'.
  by rewrite /X' mul_row_col mul0mx addr0 mulmxBr mulmxA.
exact: best_fit.
Qed.

(** cvae-more-conditioning: appending inputs never increases any theta_i, so never revives a latent *)
Theorem more_conditioning (Q Q' : 'M[R]_D) (theta theta' : nat -> R) :
  orthogonal Q -> E = Q *m rdiag D D (fun i => theta i ^+ 2) *m Q^T -> (forall i, 0 <= theta i) -> decreasing theta ->
  orthogonal Q' -> E' = Q' *m rdiag D D (fun i => theta' i ^+ 2) *m Q'^T -> (forall i, 0 <= theta' i) -> decreasing theta' ->
  (forall i : 'I_D, theta' i <= theta i) /\
  (forall x : R, leq #|[set i : 'I_D | x < theta' i ^+ 2]| #|[set i : 'I_D | x < theta i ^+ 2]|).
Proof.
move=> QQ EQ t0 td QQ' EQ' t0' td'.
have sq (t : nat -> R) : (forall i, 0 <= t i) -> decreasing t -> decreasing (fun i => t i ^+ 2).
  by move=> h0 hd i j ij; rewrite ler_expn2r ?nnegrE ?h0 // hd.
have le2 (i : 'I_D) : theta' i ^+ 2 <= theta i ^+ 2 := weyl QQ' EQ' (sq _ t0' td') QQ EQ (sq _ t0 td) more_conditioning_loewner i.
split=> [i|x]; first by rewrite -(@ler_pexpn2r _ 2) ?nnegrE.
by apply/subset_leq_card/subsetP => i; rewrite !inE => /lt_le_trans; apply.
Qed.
End Weyl.
