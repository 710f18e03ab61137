//! Every constraint id, one folder a group.
