"""The compiled contracts of Tidan, for whoever deploys or reads them."""

from tidan_contracts.artifact import Artifact, ArtifactUnknown, artifact_names, load_artifact

__all__ = ["Artifact", "ArtifactUnknown", "artifact_names", "load_artifact"]
