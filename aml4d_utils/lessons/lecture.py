"""The topics of the lecture, in its order, and where in the course each of them is taught.

Every question of the bank belongs to one topic.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Topic:
    """One topic of the lecture.

    Parameters
    ----------
    name : str
        Stays for ever: questions name it.
    words : str
    lesson : str
        The lesson that teaches it, for example ``07_convolution``.
    explorer : str
        The explorer of that lesson that shows it, as the lesson calls it.
    exercise : str
        The exercise of that lesson that trains it.
    """

    name: str
    words: str
    lesson: str
    explorer: str = ""
    exercise: str = ""


_SEE, _HARD, _DETECT = "01_how_we_see", "02_why_vision_is_hard", "03_object_detection"
_PIXELS, _FEATURES = "04_pixels_and_dimensions", "05_features_by_hand"
_CLASSIC, _CONVOLVE, _LEARN = "06_classic_detectors", "07_convolution", "08_what_cnns_learn"
_DISSECT, _VARY = "09_network_dissection", "10_invariance_and_augmentation"
_TRANSFER, _GAN, _GALLERY = "11_transfer_learning", "12_gans", "13_generative_gallery"
_NEURON, _BACK, _STUDIO = "14_neuron_to_network", "15_backpropagation", "16_design_studio"

TOPICS = (
    Topic("course", "How the course works", "00_start_here", "light_explorer", "brightness"),
    Topic("cells", "Hubel and Wiesel, 1959", _SEE, "cell_instrument", "gabor_field"),
    Topic(
        "hierarchy",
        "Edges, simple shapes, complex shapes, faces and objects",
        _SEE,
        "hierarchy_explorer",
        "width_at_half",
    ),
    Topic(
        "faces_houses", "Faces and houses in the brain", _SEE, "face_unit_explorer", "face_index"
    ),
    Topic("viewpoint", "Viewpoint and scale", _HARD, "bench_explorer", "robustness_curve"),
    Topic("deformation", "The deformable, truncated cat", _HARD, "bench_explorer", "occlude"),
    Topic(
        "light_clutter", "Illumination and clutter", _HARD, "limits_explorer", "choose_challenge"
    ),
    Topic("variation", "Intra-class variation", _HARD, "wall_explorer", "robustness_curve"),
    Topic("strange_poses", "Strange poses of familiar objects", _HARD, "pose_explorer", "transfer"),
    Topic("detection", "Real-time object detection", _DETECT, "pipeline_explorer", "suppress"),
    Topic(
        "detector_failures",
        "When and where a detector fails",
        _DETECT,
        "condition_explorer",
        "promise",
    ),
    Topic("flattening", "Flattening: d = width × height", _PIXELS, "flattener", "flatten_picture"),
    Topic("curse", "The curse of dimensionality", _PIXELS, "curse_explorer", "relative_contrast"),
    Topic(
        "big_models",
        "Boundaries in pixel space need many parameters",
        _PIXELS,
        "two_pixel_explorer",
        "count_parameters",
    ),
    Topic(
        "generalisation",
        "Downsampling, and generalisation",
        _PIXELS,
        "resolution_explorer",
        "choose_resolution",
    ),
    Topic("good_features", "What a good feature is", _FEATURES, "detector_explorer", "ratio_test"),
    Topic("sift", "SIFT, a covariant detector", _FEATURES, "sift_explorer", "ratio_test"),
    Topic(
        "hog",
        "Histograms of oriented gradients",
        _FEATURES,
        "hog_inspector",
        "orientation_histogram",
    ),
    Topic("engineering", "Feature engineering", _FEATURES, "contest_explorer", "garment_feature"),
    Topic(
        "viola_jones", "Face detection: Viola and Jones", _CLASSIC, "cascade_explorer", "box_sum"
    ),
    Topic(
        "parts",
        "Deformable part models, and what CNNs changed",
        _CLASSIC,
        "part_explorer",
        "spring_scores",
    ),
    Topic(
        "sharing", "CNNs need far fewer parameters", _CONVOLVE, "counter_explorer", "output_size"
    ),
    Topic("kernels", "Kernels and feature maps", _CONVOLVE, "kernel_inspector", "convolve_image"),
    Topic("locality", "Local interactions", _CONVOLVE, "growing_explorer", "receptive_field"),
    Topic("translation", "Translation invariance", _CONVOLVE, "shift_explorer", "pattern_kernel"),
    Topic(
        "deconvnet",
        "Zeiler and Fergus: the deconvnet",
        _LEARN,
        "projection_explorer",
        "guided_backward",
    ),
    Topic("visualisation", "Feature visualisation", _LEARN, "evidence_explorer", "occlusion_map"),
    Topic("dissection", "Network dissection", _DISSECT, "unit_browser", "iou"),
    Topic(
        "invariance",
        "Translation yes, rotation and scaling no",
        _VARY,
        "forgiveness_explorer",
        "consistency",
    ),
    Topic("augmentation", "Data augmentation", _VARY, "bench_explorer", "mixup"),
    Topic("robustness", "Robustness and adversarial training", _VARY, "attack_explorer", "attack"),
    Topic("transfer", "Transfer learning", _TRANSFER, "label_explorer", "freeze_body"),
    Topic("gans", "Generative adversarial networks", _GAN, "plane_explorer", "generator_loss"),
    Topic("which_face", "Which face is real?", _GAN, "which_explorer", "decide_uses"),
    Topic("super_resolution", "Image super-resolution", _GALLERY, "enlarging_explorer", "psnr"),
    Topic("text_to_image", "Text-to-image generation", _GALLERY, "painting_explorer", "guided"),
    Topic("portrait", "A painting that a network made", _GALLERY, "walk_explorer", "disclosure"),
    Topic("style", "Neural style transfer", _GALLERY, "slow_explorer", "gram"),
    Topic(
        "fakes", "Synthetic video and deepfakes", _GALLERY, "detector_explorer", "choose_threshold"
    ),
    Topic("neuron", "How a neuron works", _NEURON, "neuron_explorer", "neuron"),
    Topic("activations", "Six activation functions", _NEURON, "activation_explorer", "activate"),
    Topic("forward", "From a neuron to a deep network", _NEURON, "reading_explorer", "layer"),
    Topic(
        "descent",
        "Cost, gradient and stochastic gradient descent",
        _BACK,
        "descent_explorer",
        "choose_rate",
    ),
    Topic(
        "wishes",
        "Backpropagation: weights, biases and activations",
        _BACK,
        "steps_explorer",
        "layer_backward",
    ),
    Topic(
        "averaging",
        "The average over all training examples",
        _BACK,
        "nudges_explorer",
        "numeric_gradient",
    ),
    Topic("batches", "Backpropagation with batches", _BACK, "descent_explorer", "sgd_epoch"),
    Topic("data_notes", "Enough data, and noisy data", _BACK, "curve_view", "sgd_epoch"),
    Topic(
        "studio",
        "From a design problem to a tested model",
        _STUDIO,
        "studio_explorer",
        "claims",
    ),
)
"""All topics, in the order of the lecture; those of the course itself stand at both ends."""


def topic_named(name: str) -> Topic:
    """Return a topic by its name; KeyError where there is none."""
    return {topic.name: topic for topic in TOPICS}[name]
