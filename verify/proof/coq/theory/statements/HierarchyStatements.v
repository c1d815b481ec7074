(** What is claimed of hierarchies with any number of levels, numbered from 0: level l is the paper's z_(l+1). [fixed l = Some v] fixes
    Sigma_l = v I, [None] leaves it any positive diagonal. The matrix loss and the mode program are defined in Hierarchy.v. *)
From mathcomp Require Import all_ssreflect all_algebra.
From CollapseAudit Require Import Definitions Hierarchy HierarchyMinimum.
Import Order.Theory GRing.Theory Num.Theory.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

(** chain-general, from matrices to modes: what bounds every mode program bounds the matrix loss, for all matrices and bottlenecks. *)
Definition chain_general_bound_statement : Prop :=
  forall (R : rcfType) (ln : R -> R), logarithm ln ->
  forall (beta : nat -> R) (eta_dec eta_enc : R) (D r : nat) (d : nat -> nat) (L N : nat) (fixed : nat -> option R),
  (forall l, 0 <= beta l) -> (r <= N)%N -> (forall l, (l <= L)%N -> (d l <= N)%N) ->
  forall (Z : 'M[R]_(D, r)) P S theta, is_svd Z P S theta ->
  forall opt : nat -> R,
  (forall i s q, feasible d L fixed i s q -> opt i <= mode_loss ln beta eta_dec eta_enc d L i (theta i ^+ 2) s q) ->
  forall U_1 V_1 (U : forall l, 'M[R]_(d l, d l.+1)) (W : forall l, 'M[R]_(d l.+1, d l)) (Sigma : forall l, 'rV[R]_(d l)),
  (forall l j, 0 < Sigma l 0 j) -> (forall l v, fixed l = Some v -> forall j, Sigma l 0 j = v) ->
  \sum_(i < N) opt i <= hierarchy_loss ln beta eta_dec eta_enc U_1 V_1 Z U W Sigma L.

(** ... and feasible points of the mode programs are reached by matrices, so their minima add up to the minimum of the loss. *)
Definition chain_general_attained_statement : Prop :=
  forall (R : rcfType) (ln : R -> R) (beta : nat -> R) (eta_dec eta_enc : R) (D r : nat) (d : nat -> nat) (L N : nat),
  (D <= N)%N -> (forall l, (l <= L)%N -> (d l <= N)%N) ->
  forall (Z : 'M[R]_(D, r)) P S theta, is_svd Z P S theta ->
  forall (opt : nat -> R) (s q : nat -> nat -> R),
  (forall l i, (i < d l)%N -> 0 < q l i <= s l i) -> (forall l, within (d l) (q l)) -> (forall l, within (d l) (s l)) ->
  (forall i, (r <= i)%N -> s 0%N i = q 0%N i) -> (forall l i, (d l <= i)%N -> s l.+1 i = q l.+1 i) ->
  (forall i, opt i = mode_loss ln beta eta_dec eta_enc d L i (theta i ^+ 2) (s^~ i) (q^~ i)) ->
  exists U_1 V_1 (U : forall l, 'M[R]_(d l, d l.+1)) (W : forall l, 'M[R]_(d l.+1, d l)),
  hierarchy_loss ln beta eta_dec eta_enc U_1 V_1 Z U W (fun l => \row_(i < d l) q l i) L = \sum_(i < N) opt i.
