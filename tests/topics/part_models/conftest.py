import pytest

from aml4d_utils.topics.part_models.part_training import trained_part_model


@pytest.fixture(scope="session")
def trained():
    return trained_part_model()


@pytest.fixture(scope="session")
def model(trained):
    return trained.model
