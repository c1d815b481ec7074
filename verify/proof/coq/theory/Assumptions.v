(** Every theorem with the statement that it proves, and what it rests on: "Closed under the global context", or the axioms of Coq's
    real numbers. tests/verify/proof/coq/test_theory.py compares what is printed here with theorems.toml. *)
From CollapseAudit Require Import CvaeStatements HierarchyStatements LemmaStatements MhvaeStatements VaeStatements.
From CollapseAudit Require Import CvaeTheorems HierarchyTheorems LemmaTheorems MhvaeTheorems VaeTheorems.

Check (vae_learnable : vae_learnable_statement).
Print Assumptions vae_learnable.
Check (vae_learnable_bound : vae_learnable_bound_statement).
Print Assumptions vae_learnable_bound.
Check (vae_learnable_minimisers : vae_learnable_minimisers_statement).
Print Assumptions vae_learnable_minimisers.
Check (vae_fixed : vae_fixed_statement).
Print Assumptions vae_fixed.
Check (vae_fixed_distinct_zero_columns : vae_fixed_distinct_zero_columns_statement).
Print Assumptions vae_fixed_distinct_zero_columns.
Check (vae_fixed_isotropic_rotation : vae_fixed_isotropic_rotation_statement).
Print Assumptions vae_fixed_isotropic_rotation.
Check (cvae_residual_reduction : cvae_residual_reduction_statement).
Print Assumptions cvae_residual_reduction.
Check (normal_equations_solvable : normal_equations_solvable_statement).
Print Assumptions normal_equations_solvable.
Check (cvae_learnable : cvae_learnable_statement).
Print Assumptions cvae_learnable.
Check (cvae_learnable_minimisers : cvae_learnable_minimisers_statement).
Print Assumptions cvae_learnable_minimisers.
Check (cvae_fixed : cvae_fixed_statement).
Print Assumptions cvae_fixed.
Check (cvae_correlation : cvae_correlation_statement).
Print Assumptions cvae_correlation.
Check (cvae_more_conditioning : cvae_more_conditioning_statement).
Print Assumptions cvae_more_conditioning.
Check (mhvae_learnable_top : mhvae_learnable_top_statement).
Print Assumptions mhvae_learnable_top.
Check (mhvae_fixed : mhvae_fixed_statement).
Print Assumptions mhvae_fixed.
Check (mhvae_learnable_bottom : mhvae_learnable_bottom_statement).
Print Assumptions mhvae_learnable_bottom.
Check (real_logarithm : real_logarithm_statement).
Print Assumptions real_logarithm.
Check (chain_general_bound : chain_general_bound_statement).
Print Assumptions chain_general_bound.
Check (chain_general_attained : chain_general_attained_statement).
Print Assumptions chain_general_attained.
Check (lemma_alignment : lemma_alignment_statement).
Print Assumptions lemma_alignment.
Check (lemma_complete_square : lemma_complete_square_statement).
Print Assumptions lemma_complete_square.
Check (lemma_determinant : lemma_determinant_statement).
Print Assumptions lemma_determinant.
Check (lemma_whitening : lemma_whitening_statement).
Print Assumptions lemma_whitening.
Check (svd_exists : svd_exists_statement).
Print Assumptions svd_exists.
Check (weyl_monotone : weyl_monotone_statement).
Print Assumptions weyl_monotone.
Check (hadamard_equality : hadamard_equality_statement).
Print Assumptions hadamard_equality.
Check (expected_squares : expected_squares_statement).
Print Assumptions expected_squares.
