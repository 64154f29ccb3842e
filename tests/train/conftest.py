"""What training needs, and ten articles to train on."""

import os

import pytest
from train_build import export, ten_articles

from dateline import train


@pytest.fixture(scope="session")
def installed():
    """PyTorch and transformers: without them a test is skipped, but not in CI, where all must run."""
    try:
        train.require()
    except train.TrainError as error:
        if os.environ.get("CI"):
            pytest.fail(str(error))
        pytest.skip(str(error))
    import torch

    torch.set_num_threads(1)  # as train_build.ENV: one seed gives one model with one number of threads


@pytest.fixture(scope="session")
def ten(tmp_path_factory):
    """The exported folder of ten articles."""
    return export(tmp_path_factory.mktemp("ten"), ten_articles())
