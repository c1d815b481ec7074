(** Hierarchies with any number of levels: each statement of HierarchyStatements.v has a proof of exactly that type. *)
From mathcomp Require Import all_ssreflect all_algebra.
From CollapseAudit Require Import Definitions Hierarchy HierarchyMinimum HierarchyStatements.
Import Order.Theory GRing.Theory Num.Theory.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Section Padding.
Variables (R : rcfType) (D r : nat) (Z : 'M[R]_(D, r)) (P : 'M[R]_D) (S : 'M[R]_r) (theta : nat -> R).
Hypothesis Z_svd : is_svd Z P S theta.
Lemma svd_parts : [/\ P^T *m P = 1%:M, S *m S^T = 1%:M, within D theta & within r theta].
Proof.
by have [[PP SS] _ _ _ pad] := Z_svd; split=> // [|i Di|i ri]; [apply: mulmx1C | rewrite pad ?Di | rewrite pad ?ri ?orbT].
Qed.
End Padding.

Theorem chain_general_bound : chain_general_bound_statement.
Proof.
move=> R ln [lnM _] beta eta_dec eta_enc D r d L N fixed B rN dN Z P S theta H; have [PP SS thD thr] := svd_parts H.
have [_ -> ths th0 _] := H; exact: (hierarchy_minimum lnM B rN dN PP SS thD thr th0 ths).
Qed.

Theorem chain_general_attained : chain_general_attained_statement.
Proof.
move=> R ln beta eta_dec eta_enc D r d L N DN dN Z P S theta H; have [PP SS thD thr] := svd_parts H.
have [_ -> _ _ _] := H; exact: (hierarchy_minimum_attained DN dN PP SS thD thr).
Qed.
